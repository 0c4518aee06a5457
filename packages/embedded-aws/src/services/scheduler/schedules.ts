import type * as Sdk from "@aws-sdk/client-scheduler";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { type Authorization, AwsError, type Call, type Operations } from "../../engine/operation.ts";
import { targetKind } from "../events/target-request.ts";
import { givingRole } from "../iam/assert-assumable.ts";
import { isJson } from "../is-json.ts";
import { requestTagContext } from "../tag-context.ts";
import { type Expression, isTimeZone, parseExpression } from "./expression.ts";
import { invokeTarget } from "./invoke-target.ts";
import {
  type Group,
  groupArn,
  groupsOf,
  newGroup,
  requireGroup,
  requireSchedule,
  type Schedule,
  scheduleArn,
} from "./state.ts";

/** Validates a schedule as Scheduler does, and answers its expression. */
function checkSchedule(input: Sdk.CreateScheduleInput): Expression {
  const { ScheduleExpression = "", ScheduleExpressionTimezone = "UTC", StartDate, EndDate } = input;
  if (!isTimeZone(ScheduleExpressionTimezone)) {
    throw invalid(`Invalid ScheduleExpressionTimezone ${ScheduleExpressionTimezone}.`);
  }
  const expression = parseExpression(ScheduleExpression, ScheduleExpressionTimezone);
  if (StartDate && EndDate && EndDate <= StartDate) throw invalid("The EndDate must come after the StartDate.");
  checkWindow(input);
  checkTarget(input.Target);
  return expression;
}

function checkWindow({ FlexibleTimeWindow: window }: Sdk.CreateScheduleInput): void {
  const minutes = window?.MaximumWindowInMinutes;
  if (window?.Mode === "OFF" && minutes !== undefined) {
    throw invalid("MaximumWindowInMinutes must not be set when the FlexibleTimeWindow mode is OFF.");
  }
  if (window?.Mode === "FLEXIBLE" && minutes === undefined) {
    throw invalid("MaximumWindowInMinutes must be between 1 and 1440 when the FlexibleTimeWindow mode is FLEXIBLE.");
  }
}

function checkTarget(target: Sdk.Target | undefined): void {
  const { Arn = "", EventBridgeParameters, Input } = target ?? {};
  if (!/^arn:[\w-]+:[\w-]+:[^:]*:[^:]*:.+/.test(Arn)) throw invalid("Provided Arn is not in correct format.");
  const isBus = /^arn:[\w-]+:events:[^:]*:\d{12}:event-bus\//.test(Arn);
  if (!isBus && !targetKind(Arn)) {
    const reason = `Schedule targets such as ${Arn} are not built in the embedded AWS; supported: functions, queues, topics, buses and state machines`;
    throw new AwsError("NotImplemented", reason);
  }
  if (isBus && !EventBridgeParameters) throw invalid("EventBridgeParameters must be specified for an event bus.");
  const isFunctionOrMachine = targetKind(Arn) === "lambda" || targetKind(Arn) === "states";
  if (Input !== undefined && isFunctionOrMachine && !isJson(Input)) {
    throw invalid(`The target's Input is not valid JSON: ${Input.slice(0, 100)}`);
  }
}

const invalid = (message: string): AwsError => new AwsError("ValidationException", message);

export const operations = {
  CreateSchedule: {
    authorize: (input, call) => [...onSchedule(call, input), ...givingRoleTo(call, input)],
    run(input, { aws, account, region }) {
      const expression = checkSchedule(input);
      const group = requireGroup(aws, { account, region }, input.GroupName);
      const name = input.Name ?? "";
      if (group.schedules.has(name)) throw new AwsError("ConflictException", `Schedule ${name} already exists.`);
      const now = aws.clock.now();
      const arn = scheduleArn(aws, { account, region }, group.name, name);
      const place = { name, group: group.name, arn, account, region };
      keep(aws, { ...place, createdAt: now, modifiedAt: now, settings: input, expression, cancel: undefined });
      return { ScheduleArn: arn };
    },
  },
  /** Replaces all settings: omitted ones return to their defaults, as in AWS. */
  UpdateSchedule: {
    authorize: (input, call) => [...onSchedule(call, input), ...givingRoleTo(call, input)],
    run(input, call) {
      const { aws } = call;
      const expression = checkSchedule(input);
      const known = requireSchedule(aws, call, input.GroupName, input.Name);
      disarm(known);
      keep(aws, { ...known, modifiedAt: aws.clock.now(), settings: input, expression, cancel: undefined });
      return { ScheduleArn: known.arn };
    },
  },
  GetSchedule: {
    authorize: (input, call) => onSchedule(call, input),
    run: (input, call) => described(requireSchedule(call.aws, call, input.GroupName, input.Name)),
  },
  ListSchedules: {
    list: "Schedules",
    run({ GroupName, NamePrefix = "", State }, call) {
      const groups = GroupName
        ? [requireGroup(call.aws, call, GroupName)]
        : [...groupsOf(call.aws, call.account, call.region).values()];
      const schedules = groups
        .flatMap((group) => [...group.schedules.values()])
        .filter(({ name }) => name.startsWith(NamePrefix))
        .filter(({ settings }) => State === undefined || (settings.State ?? "ENABLED") === State);
      return { Schedules: schedules.map(summaryOf) };
    },
  },
  DeleteSchedule: {
    authorize: (input, call) => onSchedule(call, input),
    run(input, call) {
      const schedule = requireSchedule(call.aws, call, input.GroupName, input.Name);
      disarm(schedule);
      requireGroup(call.aws, call, schedule.group).schedules.delete(schedule.name);
    },
  },
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
    run: ({ Name }, call) => describedGroup(requireGroup(call.aws, call, Name)),
  },
  ListScheduleGroups: {
    list: "ScheduleGroups",
    run({ NamePrefix = "" }, { aws, account, region }) {
      const groups = [...groupsOf(aws, account, region).values()].filter(({ name }) => name.startsWith(NamePrefix));
      return { ScheduleGroups: groups.map(describedGroup) };
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

function keep(aws: EmbeddedAws, schedule: Schedule): void {
  requireGroup(aws, schedule, schedule.group).schedules.set(schedule.name, schedule);
  const isRate = schedule.settings.ScheduleExpression?.startsWith("rate(");
  // A rate without a start date begins at once; a cron or one-time schedule that is due right now is skipped.
  arm(aws, schedule, isRate ? schedule.modifiedAt - 1 : schedule.modifiedAt);
}

const onSchedule = (
  call: Call,
  { GroupName = "default", Name = "" }: Sdk.GetScheduleInput,
): Partial<Authorization>[] => [{ resources: [scheduleArn(call.aws, call, GroupName, Name)] }];

/** Scheduler names the group, not the schedule, as the source (user guide, "Confused deputy prevention"). */
const givingRoleTo = (
  call: Call,
  { GroupName = "default", Target }: Sdk.CreateScheduleInput,
): Partial<Authorization>[] =>
  givingRole(call.aws, Target?.RoleArn, "scheduler.amazonaws.com", groupArn(call.aws, call, GroupName));

function summaryOf(schedule: Schedule): Sdk.ScheduleSummary {
  const { Arn, Name, GroupName, State, CreationDate, LastModificationDate, Target } = described(schedule);
  return { Arn, Name, GroupName, State, CreationDate, LastModificationDate, Target: { Arn: Target?.Arn } };
}

function described(schedule: Schedule): Sdk.GetScheduleOutput {
  const { ClientToken: _, ...settings } = schedule.settings;
  return {
    ScheduleExpressionTimezone: "UTC",
    State: "ENABLED",
    ActionAfterCompletion: "NONE",
    ...settings,
    Target: settings.Target && {
      ...settings.Target,
      RetryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86_400, ...settings.Target.RetryPolicy },
    },
    Arn: schedule.arn,
    GroupName: schedule.group,
    CreationDate: new Date(schedule.createdAt),
    LastModificationDate: new Date(schedule.modifiedAt),
  };
}

/** Sets a schedule's only timer: for its next occurrence after `moment`. */
function arm(aws: EmbeddedAws, schedule: Schedule, moment: number): void {
  disarm(schedule);
  const { State, StartDate, EndDate } = schedule.settings;
  if (State === "DISABLED") return;
  const due = schedule.expression.next(moment, StartDate?.getTime() ?? schedule.modifiedAt);
  if (due === undefined || (EndDate && due > EndDate.getTime())) return;
  const occur = () => {
    schedule.cancel = undefined;
    const offset = flexibleOffsetMs(schedule, due);
    if (offset > 0) aws.clock.after(offset, () => invokeTarget(aws, schedule, due));
    arm(aws, schedule, due);
    if (!schedule.cancel) complete(aws, schedule);
    return offset > 0 ? undefined : invokeTarget(aws, schedule, due);
  };
  const recurring = !schedule.settings.ScheduleExpression?.startsWith("at(");
  schedule.cancel = aws.clock.after(due - aws.clock.now(), occur, { recurring });
}

export function disarm(schedule: Schedule): void {
  schedule.cancel?.();
  schedule.cancel = undefined;
}

/** After its last occurrence a schedule is kept, unless it requested deletion. */
function complete(aws: EmbeddedAws, schedule: Schedule): void {
  if (schedule.settings.ActionAfterCompletion !== "DELETE") return;
  requireGroup(aws, schedule, schedule.group).schedules.delete(schedule.name);
}

/** An offset in the flexible window; AWS spreads load there, here an occurrence always has the same offset. */
function flexibleOffsetMs({ arn, settings }: Schedule, due: number): number {
  const { Mode, MaximumWindowInMinutes = 0 } = settings.FlexibleTimeWindow ?? {};
  if (Mode !== "FLEXIBLE") return 0;
  let hash = 0;
  for (const character of `${arn} ${due}`) hash = (hash * 31 + character.charCodeAt(0)) >>> 0;
  return (hash % (MaximumWindowInMinutes * 60)) * 1_000;
}

const describedGroup = (group: Group): Sdk.GetScheduleGroupOutput => ({
  Arn: group.arn,
  Name: group.name,
  State: "ACTIVE",
  CreationDate: new Date(group.createdAt),
  LastModificationDate: new Date(group.createdAt),
});
