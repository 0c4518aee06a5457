import type {
  ActionAfterCompletion,
  CreateScheduleCommandInput,
  CreateScheduleGroupCommandInput,
  FlexibleTimeWindowMode,
  ScheduleState,
  Target,
} from "@aws-sdk/client-scheduler";
import { type Creator, known, tagList } from "./creator.ts";
import type { Inputs } from "./inputs.ts";

export const createScheduleGroup: Creator = async (inputs, site) => {
  const Name = inputs.text("name");
  await site.call("scheduler", "CreateScheduleGroup", {
    Name,
    Tags: tagList(inputs),
  } satisfies CreateScheduleGroupCommandInput);
  return known(Name, `arn:aws:scheduler:${site.region}:${site.account}:schedule-group/${Name}`);
};

export const createSchedule: Creator = async (inputs, site) => {
  const Name = inputs.text("name");
  const GroupName = inputs.maybeText("groupName") ?? "default";
  const window = inputs.object("flexibleTimeWindow");
  const target = inputs.object("target");
  if (!target) throw new Error("target is missing");
  await site.call("scheduler", "CreateSchedule", {
    Name,
    GroupName,
    Description: inputs.maybeText("description"),
    ScheduleExpression: inputs.text("scheduleExpression"),
    ScheduleExpressionTimezone: inputs.maybeText("scheduleExpressionTimezone"),
    State: inputs.maybeText<ScheduleState>("state"),
    StartDate: date(inputs.maybeText("startDate")),
    EndDate: date(inputs.maybeText("endDate")),
    ActionAfterCompletion: inputs.maybeText<ActionAfterCompletion>("actionAfterCompletion"),
    KmsKeyArn: inputs.maybeText("kmsKeyArn"),
    FlexibleTimeWindow: window && {
      Mode: window.text<FlexibleTimeWindowMode>("mode"),
      MaximumWindowInMinutes: window.number("maximumWindowInMinutes"),
    },
    Target: toTarget(target),
  } satisfies CreateScheduleCommandInput);
  return known(Name, `arn:aws:scheduler:${site.region}:${site.account}:schedule/${GroupName}/${Name}`);
};

function toTarget(target: Inputs): Target {
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
