import { answered, type FactoryCall, PRESENT, refused } from "../factory-call.ts";

const queue = "arn:aws:sqs:eu-west-1:111122223333:parked";
const bus = { EventBusName: "amint" };
const busArn = "arn:aws:events:eu-west-1:111122223333:event-bus/amint";
const rule = { Rule: "builds", ...bus };
const pattern = JSON.stringify({ source: ["acme"], detail: { n: [{ numeric: [">", 1] }] } });
const event = { id: "1", source: "acme", "detail-type": "t", account: "1", time: "2026-04-01T00:00:00Z", region: "r" };
const gone = (message: string) => ({ code: "ResourceNotFoundException", status: 400, message });
const schedule = {
  Name: "nightly",
  GroupName: "amint",
  ScheduleExpression: "cron(0 3 * * ? *)",
  ScheduleExpressionTimezone: "Europe/Berlin",
  FlexibleTimeWindow: { Mode: "OFF" },
  Target: { Arn: queue, RoleArn: "arn:aws:iam::111122223333:role/amint/promotion", Input: "{}" },
};
const Named = { Name: "nightly", GroupName: "amint" };
const notThere = (message: string) => ({ code: "ResourceNotFoundException", status: 404, message });
const alarmArn = "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:parked";
const alarm = {
  AlarmName: "parked",
  MetricName: "ApproximateNumberOfMessagesVisible",
  Namespace: "AWS/SQS",
  Dimensions: [{ Name: "QueueName", Value: "parked" }],
  Statistic: "Maximum",
  Period: 60,
  EvaluationPeriods: 1,
  Threshold: 0.5,
  ComparisonOperator: "GreaterThanThreshold",
};

/** EventBridge, its scheduler, and CloudWatch's alarms. */
const group = "arn:aws:scheduler:eu-west-1:111122223333:schedule-group/amint";

export const EVENT_CALLS: readonly FactoryCall[] = [
  answered(
    "events:CreateEventBus",
    { Name: "amint" },
    {
      EventBusArn: "arn:aws:events:eu-west-1:111122223333:event-bus/amint",
    },
  ),
  refused(
    "events:CreateEventBus",
    { Name: "amint" },
    {
      code: "ResourceAlreadyExistsException",
      status: 400,
      message: "Event bus amint already exists.",
    },
  ),
  answered("events:PutPermission", {
    ...bus,
    Action: "events:PutEvents",
    Principal: "222233334444",
    StatementId: "shop",
  }),
  answered(
    "events:UpdateEventBus",
    { Name: "amint", Description: "images + more/é" },
    { Name: "amint", Description: "images + more/é" },
    { since: 2024 },
  ),
  refused("events:UpdateEventBus", { Name: "none" }, gone("Event bus none does not exist."), { since: 2024 }),
  answered("events:DescribeEventBus", { Name: "amint" }, { Policy: PRESENT }),
  refused("events:DescribeEventBus", { Name: "none" }, gone("Event bus none does not exist.")),
  answered("events:RemovePermission", { ...bus, StatementId: "shop" }),
  answered("events:TagResource", { ResourceARN: busArn, Tags: [{ Key: "team", Value: "images + more/é" }] }),
  answered(
    "events:ListTagsForResource",
    { ResourceARN: busArn },
    { Tags: [{ Key: "team", Value: "images + more/é" }] },
  ),
  answered("events:UntagResource", { ResourceARN: busArn, TagKeys: ["team"] }),
  refused("events:ListTagsForResource", { ResourceARN: `${busArn}-2` }, gone("Event bus amint-2 does not exist.")),
  answered("events:ListEventBuses", { NamePrefix: "am" }, { "EventBuses.0.Name": "amint" }),
  answered(
    "events:PutRule",
    { Name: "builds", ...bus, EventPattern: pattern },
    {
      RuleArn: "arn:aws:events:eu-west-1:111122223333:rule/amint/builds",
    },
  ),
  refused(
    "events:PutRule",
    { Name: "r", EventPattern: "{" },
    {
      code: "InvalidEventPatternException",
      status: 400,
      message: "Event pattern is not valid. Reason: ",
    },
  ),
  answered(
    "events:TestEventPattern",
    { EventPattern: pattern, Event: JSON.stringify({ ...event, resources: [], detail: { n: 2 } }) },
    {
      Result: true,
    },
  ),
  answered("events:DescribeRule", { Name: "builds", ...bus }, { State: "ENABLED", EventPattern: pattern }),
  refused("events:DescribeRule", { Name: "none", ...bus }, gone("Rule none does not exist on EventBus amint.")),
  answered("events:ListRules", bus, { "Rules.0.Name": "builds" }),
  answered(
    "events:PutTargets",
    { ...rule, Targets: [{ Id: "queue", Arn: queue, InputPath: "$.detail" }] },
    {
      FailedEntryCount: 0,
    },
  ),
  answered("events:ListTargetsByRule", rule, { Targets: [{ Id: "queue", Arn: queue, InputPath: "$.detail" }] }),
  answered("events:DisableRule", { Name: "builds", ...bus }),
  answered("events:EnableRule", { Name: "builds", ...bus }),
  answered(
    "events:PutEvents",
    { Entries: [{ Source: "acme", DetailType: "build.started", Detail: '{"n":"é"}', ...bus }, { Source: "acme" }] },
    { FailedEntryCount: 1, "Entries.0.EventId": PRESENT, "Entries.1.ErrorCode": "InvalidArgument" },
  ),
  refused(
    "events:DeleteRule",
    { Name: "builds", ...bus },
    {
      code: "ValidationException",
      status: 400,
      message: "Rule can't be deleted since it has targets.",
    },
  ),
  answered(
    "events:RemoveTargets",
    { ...rule, Ids: ["queue", "none"] },
    {
      FailedEntryCount: 1,
      "FailedEntries.0.TargetId": "none",
    },
  ),
  answered("events:DeleteRule", { Name: "builds", ...bus }),
  answered("events:DeleteEventBus", { Name: "amint" }),

  answered(
    "scheduler:CreateScheduleGroup",
    { Name: "amint" },
    {
      ScheduleGroupArn: "arn:aws:scheduler:eu-west-1:111122223333:schedule-group/amint",
    },
  ),
  refused(
    "scheduler:CreateScheduleGroup",
    { Name: "amint" },
    {
      code: "ConflictException",
      status: 409,
      message: "Schedule group amint already exists.",
    },
  ),
  answered("scheduler:GetScheduleGroup", { Name: "amint" }, { State: "ACTIVE", CreationDate: PRESENT }),
  answered("scheduler:TagResource", { ResourceArn: group, Tags: [{ Key: "team", Value: "images & more" }] }),
  answered(
    "scheduler:ListTagsForResource",
    { ResourceArn: group },
    { Tags: [{ Key: "team", Value: "images & more" }] },
  ),
  answered("scheduler:UntagResource", { ResourceArn: group, TagKeys: ["team"] }),
  refused(
    "scheduler:ListTagsForResource",
    { ResourceArn: `${group}-none` },
    { code: "ResourceNotFoundException", status: 404, message: "does not exist" },
  ),
  answered("scheduler:ListScheduleGroups", { NamePrefix: "am" }, { "ScheduleGroups.0.Name": "amint" }),
  answered("scheduler:CreateSchedule", schedule, {
    ScheduleArn: "arn:aws:scheduler:eu-west-1:111122223333:schedule/amint/nightly",
  }),
  refused(
    "scheduler:CreateSchedule",
    { ...schedule, Name: "broken", ScheduleExpression: "cron(0 3 * * * *)" },
    {
      code: "ValidationException",
      status: 400,
      message: "Invalid Schedule Expression cron(0 3 * * * *).",
    },
  ),
  answered("scheduler:UpdateSchedule", { ...schedule, State: "DISABLED" }),
  answered("scheduler:GetSchedule", Named, { State: "DISABLED", ScheduleExpressionTimezone: "Europe/Berlin" }),
  refused("scheduler:GetSchedule", { Name: "none" }, notThere("Schedule none does not exist.")),
  answered("scheduler:ListSchedules", { GroupName: "amint" }, { "Schedules.0.Name": "nightly" }),
  answered("scheduler:DeleteSchedule", Named),
  refused("scheduler:DeleteSchedule", Named, notThere("Schedule nightly does not exist.")),
  answered("scheduler:DeleteScheduleGroup", { Name: "amint" }),

  answered("monitoring:PutMetricAlarm", alarm),
  refused(
    "monitoring:PutMetricAlarm",
    { ...alarm, ComparisonOperator: "Near" },
    {
      code: "ValidationError",
      ofSdk: "ValidationException",
      status: 400,
      message: "Member must satisfy enum value set: ",
    },
  ),
  answered(
    "monitoring:DescribeAlarms",
    { AlarmNames: ["parked"] },
    {
      "MetricAlarms.0.Threshold": 0.5,
      "MetricAlarms.0.Dimensions": alarm.Dimensions,
    },
  ),
  answered("monitoring:TagResource", { ResourceARN: alarmArn, Tags: [{ Key: "team", Value: "images + more/é" }] }),
  answered(
    "monitoring:ListTagsForResource",
    { ResourceARN: alarmArn },
    { Tags: [{ Key: "team", Value: "images + more/é" }] },
  ),
  answered("monitoring:UntagResource", { ResourceARN: alarmArn, TagKeys: ["team"] }),
  refused(
    "monitoring:ListTagsForResource",
    { ResourceARN: `${alarmArn}-2` },
    notThere(`Resource ${alarmArn}-2 does not exist.`),
  ),
  answered("monitoring:SetAlarmState", { AlarmName: "parked", StateValue: "ALARM", StateReason: "a test" }),
  answered(
    "monitoring:DescribeAlarms",
    { AlarmNames: ["parked"] },
    { "MetricAlarms.0.StateValue": "ALARM", "MetricAlarms.0.StateReason": "a test" },
  ),
  refused(
    "monitoring:SetAlarmState",
    { AlarmName: "none", StateValue: "ALARM", StateReason: "a test" },
    { code: "ResourceNotFound", status: 404, message: "Unknown alarm: none" },
  ),
  answered("monitoring:DeleteAlarms", { AlarmNames: ["parked"] }),
  answered("monitoring:DescribeAlarms", { AlarmNames: ["parked"] }, { MetricAlarms: [] }),
];
