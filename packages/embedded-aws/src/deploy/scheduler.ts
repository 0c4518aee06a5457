import type * as Sdk from "@aws-sdk/client-scheduler";
import type { Inputs } from "./inputs.ts";
import { known, type ResourceType, type Site, tagList } from "./resource-type.ts";

export const scheduleGroup: ResourceType = {
  async create(inputs, site) {
    const Name = inputs.text("name");
    await site.call("scheduler", "CreateScheduleGroup", {
      Name,
      Tags: tagList(inputs),
    } satisfies Sdk.CreateScheduleGroupCommandInput);
    return known(Name, `arn:aws:scheduler:${site.region}:${site.account}:schedule-group/${Name}`);
  },
  async update(inputs, _site, before) {
    inputs.text("name");
    inputs.drop("group tags are not updated", "tags");
    return before.attributes;
  },
  delete: ({ attributes: { name: Name } }, site) => site.call("scheduler", "DeleteScheduleGroup", { Name }),
  replacedBy: ["name"],
};

/** `UpdateSchedule` takes everything that `CreateSchedule` takes: omitted members get their defaults again. */
const bySchedule = (operation: "CreateSchedule" | "UpdateSchedule") => async (inputs: Inputs, site: Site) => {
  const Name = inputs.text("name");
  const GroupName = inputs.maybeText("groupName") ?? "default";
  const window = inputs.object("flexibleTimeWindow");
  const target = inputs.object("target");
  if (!target) throw new Error("target is missing");
  await site.call("scheduler", operation, {
    Name,
    GroupName,
    Description: inputs.maybeText("description"),
    ScheduleExpression: inputs.text("scheduleExpression"),
    ScheduleExpressionTimezone: inputs.maybeText("scheduleExpressionTimezone"),
    State: inputs.maybeText<Sdk.ScheduleState>("state"),
    StartDate: date(inputs.maybeText("startDate")),
    EndDate: date(inputs.maybeText("endDate")),
    ActionAfterCompletion: inputs.maybeText<Sdk.ActionAfterCompletion>("actionAfterCompletion"),
    KmsKeyArn: inputs.maybeText("kmsKeyArn"),
    FlexibleTimeWindow: window && {
      Mode: window.text<Sdk.FlexibleTimeWindowMode>("mode"),
      MaximumWindowInMinutes: window.number("maximumWindowInMinutes"),
    },
    Target: toTarget(target),
  } satisfies Sdk.CreateScheduleCommandInput);
  return known(Name, `arn:aws:scheduler:${site.region}:${site.account}:schedule/${GroupName}/${Name}`);
};

export const schedule: ResourceType = {
  create: bySchedule("CreateSchedule"),
  update: bySchedule("UpdateSchedule"),
  delete({ inputs }, site) {
    const [Name, GroupName] = [inputs.text("name"), inputs.maybeText("groupName")];
    return site.call("scheduler", "DeleteSchedule", { Name, GroupName });
  },
  replacedBy: ["name", "groupName"],
};

function toTarget(target: Inputs): Sdk.Target {
  const dead = target.object("deadLetterConfig");
  const retry = target.object("retryPolicy");
  return {
    Arn: target.text("arn"),
    RoleArn: target.text("roleArn"),
    Input: target.json("input"),
    DeadLetterConfig: dead && { Arn: dead.text("arn") },
    RetryPolicy: retry && {
      MaximumEventAgeInSeconds: retry.number("maximumEventAgeInSeconds"),
      MaximumRetryAttempts: retry.number("maximumRetryAttempts"),
    },
  };
}

const date = (text: string | undefined): Date | undefined => (text === undefined ? undefined : new Date(text));
