import type * as Sdk from "@aws-sdk/client-eventbridge";
import type { DescribeEventBusResponse } from "@aws-sdk/client-eventbridge";
import { AwsError } from "../../engine/aws-error.ts";
import type { Operations } from "../../engine/operation.ts";
import { type Bus, busArn, busesOf, busPlace, newBus, requireBus } from "./state.ts";

export const operations = {
  CreateEventBus: {
    authorize: ({ Name = "" }, { aws, account, region }) => [{ resources: [busArn(aws, account, region, Name)] }],
    run({ Name = "", Description, EventSourceName }, { aws, account, region }) {
      if (EventSourceName !== undefined) {
        throw new AwsError("NotImplemented", "events:CreateEventBus of a partner event source is not built");
      }
      const buses = busesOf(aws, account, region);
      if (Name.includes("/")) {
        throw new AwsError("ValidationException", "Parameter Name is not valid. Reason: Event bus name is not valid.");
      }
      if (buses.has(Name)) throw new AwsError("ResourceAlreadyExistsException", `Event bus ${Name} already exists.`);
      const bus = newBus(aws, account, region, Name, Description);
      buses.set(Name, bus);
      return { EventBusArn: bus.arn, Description };
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
      return {};
    },
  },
} satisfies Operations<typeof Sdk>;

const described = (bus: Bus): DescribeEventBusResponse => ({
  Name: bus.name,
  Arn: bus.arn,
  Description: bus.description,
  Policy: bus.policy && JSON.stringify(bus.policy),
  CreationTime: new Date(bus.createdAt),
  LastModifiedTime: new Date(bus.modifiedAt),
});
