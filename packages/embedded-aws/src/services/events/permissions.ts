import type * as Sdk from "@aws-sdk/client-eventbridge";
import { AwsError } from "../../engine/aws-error.ts";
import type { Operations } from "../../engine/operation.ts";
import { type BusPolicy, busPlace, requireBus } from "./state.ts";

export const operations = {
  /** Adds one statement for an account (or `*`), or sets the whole policy. */
  PutPermission: {
    authorize: ({ EventBusName }, call) => [{ resources: [busPlace(call.aws, call, EventBusName).arn] }],
    run({ EventBusName, Policy, Principal = "", StatementId = "", Action, Condition }, call) {
      const bus = requireBus(call.aws, call, EventBusName);
      bus.modifiedAt = call.aws.clock.now();
      if (Policy !== undefined) {
        bus.policy = parsePolicy(Policy);
        return {};
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
      return {};
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
      return {};
    },
  },
} satisfies Operations<typeof Sdk>;

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
