import type * as Sdk from "@aws-sdk/client-eventbridge";
import { AwsError, type Operations } from "../../engine/operation.ts";
import { requestTagContext } from "../tag-context.ts";
import { type Bus, type BusPolicy, busArn, busesOf, busPlace, newBus, pairsOf, requireBus } from "./state.ts";

const described = (bus: Bus): Sdk.DescribeEventBusResponse => ({
  Name: bus.name,
  Arn: bus.arn,
  Description: bus.description,
  Policy: bus.policy && JSON.stringify(bus.policy),
  CreationTime: new Date(bus.createdAt),
  LastModifiedTime: new Date(bus.modifiedAt),
});

export const operations = {
  CreateEventBus: {
    authorize: ({ Name = "", Tags = [] }, { aws, account, region }) => [
      { resources: [busArn(aws, account, region, Name)], context: requestTagContext(pairsOf(Tags)) },
    ],
    run(input, { aws, account, region }) {
      const { Name = "", Description, EventSourceName, KmsKeyIdentifier, DeadLetterConfig, LogConfig } = input;
      requireBuilt({ KmsKeyIdentifier, DeadLetterConfig, LogConfig });
      if (EventSourceName !== undefined) {
        throw new AwsError("NotImplemented", "events:CreateEventBus of a partner event source is not built");
      }
      const buses = busesOf(aws, account, region);
      if (Name.includes("/")) {
        throw new AwsError("ValidationException", "Parameter Name is not valid. Reason: Event bus name is not valid.");
      }
      if (buses.has(Name)) throw new AwsError("ResourceAlreadyExistsException", `Event bus ${Name} already exists.`);
      const bus = newBus(aws, account, region, Name, Description);
      for (const [key, value] of pairsOf(input.Tags)) bus.tags.set(key, value);
      buses.set(Name, bus);
      return { EventBusArn: bus.arn, Description };
    },
  },
  UpdateEventBus: {
    authorize: ({ Name }, call) => [{ resources: [busPlace(call.aws, call, Name).arn] }],
    run({ Name, Description, KmsKeyIdentifier, DeadLetterConfig, LogConfig }, call) {
      requireBuilt({ KmsKeyIdentifier, DeadLetterConfig, LogConfig });
      const bus = requireBus(call.aws, call, Name);
      bus.description = Description;
      bus.modifiedAt = call.aws.clock.now();
      return { Name: bus.name, Arn: bus.arn, Description };
    },
  },
  DescribeEventBus: {
    authorize: ({ Name }, call) => [{ resources: [busPlace(call.aws, call, Name).arn] }],
    run: ({ Name }, call) => described(requireBus(call.aws, call, Name)),
  },
  ListEventBuses: {
    list: "EventBuses",
    run({ NamePrefix = "" }, { aws, account, region }) {
      const buses = [...busesOf(aws, account, region).values()].filter((bus) => bus.name.startsWith(NamePrefix));
      return { EventBuses: buses.map(described) };
    },
  },
  DeleteEventBus: {
    authorize: ({ Name }, call) => [{ resources: [busPlace(call.aws, call, Name).arn] }],
    run({ Name = "" }, { aws, account, region }) {
      if (Name === "default") throw new AwsError("ValidationException", "Cannot delete event bus default.");
      const buses = busesOf(aws, account, region);
      if ((buses.get(Name)?.rules.size ?? 0) > 0) {
        throw new AwsError("ValidationException", "Event bus can't be deleted because it has rules.");
      }
      buses.delete(Name);
    },
  },
  /** Adds a statement for an account (or `*`), or replaces the policy. */
  PutPermission: {
    authorize: ({ EventBusName }, call) => [{ resources: [busPlace(call.aws, call, EventBusName).arn] }],
    run({ EventBusName, Policy, Principal = "", StatementId = "", Action, Condition }, call) {
      const bus = requireBus(call.aws, call, EventBusName);
      bus.modifiedAt = call.aws.clock.now();
      if (Policy !== undefined) {
        bus.policy = parsePolicy(Policy);
        return;
      }
      const arn = `arn:${call.aws.partition}:iam::${Principal}:root`;
      const statement = {
        Sid: StatementId,
        Effect: "Allow",
        Principal: Principal === "*" ? "*" : { AWS: arn },
        Action: Action ?? "events:PutEvents",
        Resource: bus.arn,
        ...(Condition && { Condition: { [Condition.Type ?? ""]: { [Condition.Key ?? ""]: Condition.Value } } }),
      };
      const others = bus.policy?.Statement.filter((one) => one.Sid !== StatementId) ?? [];
      bus.policy = { Version: "2012-10-17", Statement: [...others, statement] };
    },
  },
  RemovePermission: {
    authorize: ({ EventBusName }, call) => [{ resources: [busPlace(call.aws, call, EventBusName).arn] }],
    run({ EventBusName, StatementId, RemoveAllPermissions }, call) {
      const bus = requireBus(call.aws, call, EventBusName);
      if (!bus.policy) throw new AwsError("ResourceNotFoundException", "EventBus does not have a policy.");
      const rest = RemoveAllPermissions ? [] : bus.policy.Statement.filter((one) => one.Sid !== StatementId);
      if (!RemoveAllPermissions && rest.length === bus.policy.Statement.length) {
        throw new AwsError("ResourceNotFoundException", "Statement with the provided id does not exist.");
      }
      bus.policy = rest.length > 0 ? { ...bus.policy, Statement: rest } : undefined;
      bus.modifiedAt = call.aws.clock.now();
    },
  },
} satisfies Operations<typeof Sdk>;

/** Settings that are not built; in AWS an empty value removes them. */
function requireBuilt(settings: Readonly<Record<string, unknown>>): void {
  const given = Object.keys(settings).find((name) => settings[name] && JSON.stringify(settings[name]) !== "{}");
  if (given !== undefined) throw new AwsError("NotImplemented", `events: event buses with ${given} are not built`);
}

function parsePolicy(text: string): BusPolicy {
  try {
    const policy = JSON.parse(text) as Partial<BusPolicy> | null;
    if (policy && Array.isArray(policy.Statement))
      return { Version: "2012-10-17", ...policy, Statement: policy.Statement };
  } catch {
    // Refused below, like a policy without statements.
  }
  throw new AwsError("ValidationException", "Parameter Policy is not valid. Reason: This policy contains invalid Json");
}
