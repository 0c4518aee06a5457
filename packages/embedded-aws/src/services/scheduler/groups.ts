import type * as Sdk from "@aws-sdk/client-scheduler";
import { AwsError } from "../../engine/aws-error.ts";
import type { Operations } from "../../engine/operation.ts";
import { requestTagContext } from "../tag-context.ts";
import { type Group, groupArn, groupsOf, newGroup, requireGroup } from "./state.ts";
import { disarm } from "./timer.ts";

export const operations = {
  CreateScheduleGroup: {
    authorize: ({ Name = "", Tags = [] }, call) => [
      {
        resources: [groupArn(call.aws, call, Name)],
        context: requestTagContext(Tags.map(({ Key = "", Value = "" }) => [Key, Value])),
      },
    ],
    run({ Name = "", Tags = [] }, { aws, account, region }) {
      const groups = groupsOf(aws, account, region);
      if (groups.has(Name)) throw new AwsError("ConflictException", `Schedule group ${Name} already exists.`);
      const group = newGroup(aws, account, region, Name);
      for (const { Key = "", Value = "" } of Tags) group.tags.set(Key, Value);
      groups.set(Name, group);
      return { ScheduleGroupArn: group.arn };
    },
  },
  GetScheduleGroup: {
    authorize: ({ Name = "" }, call) => [{ resources: [groupArn(call.aws, call, Name)] }],
    run: ({ Name }, call) => described(requireGroup(call.aws, call, Name)),
  },
  ListScheduleGroups: {
    list: "ScheduleGroups",
    run({ NamePrefix = "" }, { aws, account, region }) {
      const groups = [...groupsOf(aws, account, region).values()].filter(({ name }) => name.startsWith(NamePrefix));
      return { ScheduleGroups: groups.map(described) };
    },
  },
  /** Also deletes its schedules. */
  DeleteScheduleGroup: {
    authorize: ({ Name = "" }, call) => [{ resources: [groupArn(call.aws, call, Name)] }],
    run({ Name = "" }, call) {
      if (Name === "default") throw new AwsError("ValidationException", "Default schedule group cannot be deleted.");
      const group = requireGroup(call.aws, call, Name);
      for (const schedule of group.schedules.values()) disarm(schedule);
      groupsOf(call.aws, call.account, call.region).delete(Name);
    },
  },
} satisfies Operations<typeof Sdk>;

const described = (group: Group): Sdk.GetScheduleGroupOutput => ({
  Arn: group.arn,
  Name: group.name,
  State: "ACTIVE",
  CreationDate: new Date(group.createdAt),
  LastModificationDate: new Date(group.createdAt),
});
