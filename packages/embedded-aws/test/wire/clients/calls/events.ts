import { answered, type FactoryCall, ofService, PRESENT, refused } from "../factory-call.ts";

const queue = "arn:aws:sqs:eu-west-1:111122223333:parked";
const bus = { EventBusName: "amint" };
const busArn = "arn:aws:events:eu-west-1:111122223333:event-bus/amint";
const rule = { Rule: "builds", ...bus };
const pattern = JSON.stringify({ source: ["acme"], detail: { n: [{ numeric: [">", 1] }] } });
const event = { id: "1", source: "acme", "detail-type": "t", account: "1", time: "2026-04-01T00:00:00Z", region: "r" };
const gone = (message: string) => `400 ResourceNotFoundException: ${message}`;
const schedule = {
  Name: "nightly",
  GroupName: "amint",
  ScheduleExpression: "cron(0 3 * * ? *)",
  ScheduleExpressionTimezone: "Europe/Berlin",
  FlexibleTimeWindow: { Mode: "OFF" },
  Target: { Arn: queue, RoleArn: "arn:aws:iam::111122223333:role/amint/promotion", Input: "{}" },
};
const Named = { Name: "nightly", GroupName: "amint" };
const notThere = (message: string) => `404 ResourceNotFoundException: ${message}`;
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

const BUSES = ofService("events", [
  answered("CreateEventBus", { Name: "amint" }).says({
    EventBusArn: "arn:aws:events:eu-west-1:111122223333:event-bus/amint",
  }),
  refused("CreateEventBus", { Name: "amint" }).with(
    "400 ResourceAlreadyExistsException: Event bus amint already exists.",
  ),
  answered("PutPermission", { ...bus, Action: "events:PutEvents", Principal: "222233334444", StatementId: "shop" }),
  answered("UpdateEventBus", { Name: "amint", Description: "images + more/é" }, { since: 2024 }).says({
    Name: "amint",
    Description: "images + more/é",
  }),
  refused("UpdateEventBus", { Name: "none" }, { since: 2024 }).with(gone("Event bus none does not exist.")),
  answered("DescribeEventBus", { Name: "amint" }).says({ Policy: PRESENT }),
  refused("DescribeEventBus", { Name: "none" }).with(gone("Event bus none does not exist.")),
  answered("RemovePermission", { ...bus, StatementId: "shop" }),
  answered("TagResource", { ResourceARN: busArn, Tags: [{ Key: "team", Value: "images + more/é" }] }),
  answered("ListTagsForResource", { ResourceARN: busArn }).says({ Tags: [{ Key: "team", Value: "images + more/é" }] }),
  answered("UntagResource", { ResourceARN: busArn, TagKeys: ["team"] }),
  refused("ListTagsForResource", { ResourceARN: `${busArn}-2` }).with(gone("Event bus amint-2 does not exist.")),
  answered("ListEventBuses", { NamePrefix: "am" }).says({ "EventBuses.0.Name": "amint" }),
  answered("PutRule", { Name: "builds", ...bus, EventPattern: pattern }).says({
    RuleArn: "arn:aws:events:eu-west-1:111122223333:rule/amint/builds",
  }),
  refused("PutRule", { Name: "r", EventPattern: "{" }).with(
    "400 InvalidEventPatternException: Event pattern is not valid. Reason: ",
  ),
  answered("TestEventPattern", {
    EventPattern: pattern,
    Event: JSON.stringify({ ...event, resources: [], detail: { n: 2 } }),
  }).says({ Result: true }),
  answered("DescribeRule", { Name: "builds", ...bus }).says({ State: "ENABLED", EventPattern: pattern }),
  refused("DescribeRule", { Name: "none", ...bus }).with(gone("Rule none does not exist on EventBus amint.")),
  answered("ListRules", bus).says({ "Rules.0.Name": "builds" }),
  answered("PutTargets", { ...rule, Targets: [{ Id: "queue", Arn: queue, InputPath: "$.detail" }] }).says({
    FailedEntryCount: 0,
  }),
  answered("ListTargetsByRule", rule).says({ Targets: [{ Id: "queue", Arn: queue, InputPath: "$.detail" }] }),
  answered("DisableRule", { Name: "builds", ...bus }),
  answered("EnableRule", { Name: "builds", ...bus }),
  answered("PutEvents", {
    Entries: [{ Source: "acme", DetailType: "build.started", Detail: '{"n":"é"}', ...bus }, { Source: "acme" }],
  }).says({ FailedEntryCount: 1, "Entries.0.EventId": PRESENT, "Entries.1.ErrorCode": "InvalidArgument" }),
  refused("DeleteRule", { Name: "builds", ...bus }).with(
    "400 ValidationException: Rule can't be deleted since it has targets.",
  ),
  answered("RemoveTargets", { ...rule, Ids: ["queue", "none"] }).says({
    FailedEntryCount: 1,
    "FailedEntries.0.TargetId": "none",
  }),
  answered("DeleteRule", { Name: "builds", ...bus }),
  answered("DeleteEventBus", { Name: "amint" }),
]);

const SCHEDULES = ofService("scheduler", [
  answered("CreateScheduleGroup", { Name: "amint" }).says({
    ScheduleGroupArn: "arn:aws:scheduler:eu-west-1:111122223333:schedule-group/amint",
  }),
  refused("CreateScheduleGroup", { Name: "amint" }).with("409 ConflictException: Schedule group amint already exists."),
  answered("GetScheduleGroup", { Name: "amint" }).says({ State: "ACTIVE", CreationDate: PRESENT }),
  answered("TagResource", { ResourceArn: group, Tags: [{ Key: "team", Value: "images & more" }] }),
  answered("ListTagsForResource", { ResourceArn: group }).says({ Tags: [{ Key: "team", Value: "images & more" }] }),
  answered("UntagResource", { ResourceArn: group, TagKeys: ["team"] }),
  refused("ListTagsForResource", { ResourceArn: `${group}-none` }).with(
    "404 ResourceNotFoundException: does not exist",
  ),
  answered("ListScheduleGroups", { NamePrefix: "am" }).says({ "ScheduleGroups.0.Name": "amint" }),
  answered("CreateSchedule", schedule).says({
    ScheduleArn: "arn:aws:scheduler:eu-west-1:111122223333:schedule/amint/nightly",
  }),
  refused("CreateSchedule", { ...schedule, Name: "broken", ScheduleExpression: "cron(0 3 * * * *)" }).with(
    "400 ValidationException: Invalid Schedule Expression cron(0 3 * * * *).",
  ),
  answered("UpdateSchedule", { ...schedule, State: "DISABLED" }),
  answered("GetSchedule", Named).says({ State: "DISABLED", ScheduleExpressionTimezone: "Europe/Berlin" }),
  refused("GetSchedule", { Name: "none" }).with(notThere("Schedule none does not exist.")),
  answered("ListSchedules", { GroupName: "amint" }).says({ "Schedules.0.Name": "nightly" }),
  answered("DeleteSchedule", Named),
  refused("DeleteSchedule", Named).with(notThere("Schedule nightly does not exist.")),
  answered("DeleteScheduleGroup", { Name: "amint" }),
]);

const ALARMS = ofService("monitoring", [
  answered("PutMetricAlarm", alarm),
  refused("PutMetricAlarm", { ...alarm, ComparisonOperator: "Near" }).with(
    "400 ValidationError (ValidationException): Member must satisfy enum value set: ",
  ),
  answered("DescribeAlarms", { AlarmNames: ["parked"] }).says({
    "MetricAlarms.0.Threshold": 0.5,
    "MetricAlarms.0.Dimensions": alarm.Dimensions,
  }),
  answered("TagResource", { ResourceARN: alarmArn, Tags: [{ Key: "team", Value: "images + more/é" }] }),
  answered("ListTagsForResource", { ResourceARN: alarmArn }).says({
    Tags: [{ Key: "team", Value: "images + more/é" }],
  }),
  answered("UntagResource", { ResourceARN: alarmArn, TagKeys: ["team"] }),
  refused("ListTagsForResource", { ResourceARN: `${alarmArn}-2` }).with(
    notThere(`Resource ${alarmArn}-2 does not exist.`),
  ),
  answered("SetAlarmState", { AlarmName: "parked", StateValue: "ALARM", StateReason: "a test" }),
  answered("DescribeAlarms", { AlarmNames: ["parked"] }).says({
    "MetricAlarms.0.StateValue": "ALARM",
    "MetricAlarms.0.StateReason": "a test",
  }),
  refused("SetAlarmState", { AlarmName: "none", StateValue: "ALARM", StateReason: "a test" }).with(
    "404 ResourceNotFound: Unknown alarm: none",
  ),
  answered("DeleteAlarms", { AlarmNames: ["parked"] }),
  answered("DescribeAlarms", { AlarmNames: ["parked"] }).says({ MetricAlarms: [] }),
]);

export const EVENT_CALLS: readonly FactoryCall[] = [...BUSES, ...SCHEDULES, ...ALARMS];
