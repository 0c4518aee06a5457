import { answered, type FactoryCall, ofService, PRESENT, ref, refused, time } from "../factory-call.ts";

const Namespace = "Amint";
const ofImage = { MetricName: "DaysSincePatch", Dimensions: [{ Name: "image", Value: "al2023-base" }] };
const metric = { Namespace, ...ofImage };
const month = { StartTime: time("2026-04-01T00:00:00Z"), EndTime: time("2026-05-01T00:00:00Z") };
const stat = { Metric: metric, Period: 3_600, Stat: "Maximum" };
const text = { type: "text", x: 0, y: 0, width: 24, height: 2, properties: { markdown: "# é" } };
const DashboardBody = JSON.stringify({ widgets: [text] });
const gone = "404 ResourceNotFound: Dashboard none does not exist";

/** CloudWatch: metrics and dashboards. Alarms are among the events' calls. */
export const METRIC_CALLS: readonly FactoryCall[] = ofService("monitoring", [
  answered("PutMetricData", { Namespace, MetricData: [{ ...ofImage, Value: 7.5, Unit: "None" }] }),
  refused("PutMetricData", { Namespace: "AWS/EC2", MetricData: [{ MetricName: "CPUUtilization", Value: 1 }] }).with(
    "400 InvalidParameterValue (InvalidParameterValueException): The value AWS/ for parameter Namespace is invalid.",
  ),
  answered("ListMetrics", { Namespace }).says({ "Metrics.0.MetricName": "DaysSincePatch" }),
  answered("GetMetricStatistics", { ...metric, ...month, Period: 3_600, Statistics: ["Maximum"] }).says({
    Label: "DaysSincePatch",
    "Datapoints.0.Maximum": 7.5,
  }),
  answered("GetMetricData", { ...month, MetricDataQueries: [{ Id: "age", MetricStat: stat }] }).says({
    "MetricDataResults.0.Id": "age",
    "MetricDataResults.0.Values": [7.5],
  }),
  answered("PutDashboard", { DashboardName: "amint", DashboardBody }),
  refused("PutDashboard", { DashboardName: "amint", DashboardBody: "{" }).with(
    "400 InvalidParameterInput (DashboardInvalidInputError): must be a valid JSON object",
  ),
  answered("GetDashboard", { DashboardName: "amint" }).says({ DashboardBody, DashboardArn: PRESENT }),
  answered("ListDashboards").says({ "DashboardEntries.0.DashboardName": "amint" }),
  answered("DeleteDashboards", { DashboardNames: ["amint"] }),
  refused("DeleteDashboards", { DashboardNames: ["none"] }).with(gone),
  refused("GetDashboard", { DashboardName: "none" }).with(gone),
]);

const logGroupName = "/app/web";
const logStreamName = "s";
const arn = `arn:aws:logs:eu-west-1:111122223333:log-group:${logGroupName}`;
const missing = "400 ResourceNotFoundException: The specified log group does not exist.";
/** The calls' clock began at 2026-04-01T08:00:00Z and has passed by some days at most. */
const begun = Date.UTC(2026, 3, 1, 8);
const query = {
  startTime: begun / 1_000,
  endTime: begun / 1_000 + 90 * 86_400,
  queryString: "stats count(*) as lines",
};

/** CloudWatch Logs: groups, streams, events, and Logs Insights. */
export const LOG_CALLS: readonly FactoryCall[] = ofService("logs", [
  refused("PutRetentionPolicy", { logGroupName, retentionInDays: 30 }).with(missing),
  answered("CreateLogGroup", { logGroupName, tags: { team: "web" } }),
  refused("CreateLogGroup", { logGroupName }).with(
    "400 ResourceAlreadyExistsException: The specified log group already exists",
  ),
  answered("PutRetentionPolicy", { logGroupName, retentionInDays: 30 }),
  answered("DescribeLogGroups", { logGroupNamePrefix: "/app" }).says({
    "logGroups.0.retentionInDays": 30,
    "logGroups.0.arn": `${arn}:*`,
  }),
  answered("DeleteRetentionPolicy", { logGroupName }),
  answered("ListLogGroups", {}, { since: 2025 }).says({ "logGroups.0.logGroupArn": PRESENT }),
  answered("TagResource", { resourceArn: arn, tags: { owner: "é" } }, { since: 2022 }),
  answered("ListTagsForResource", { resourceArn: arn }, { since: 2022 }).says({ "tags.owner": "é" }),
  answered("UntagResource", { resourceArn: arn, tagKeys: ["owner"] }, { since: 2022 }),
  answered("TagLogGroup", { logGroupName, tags: { old: "1" } }),
  answered("ListTagsLogGroup", { logGroupName }).says({ "tags.old": "1", "tags.team": "web" }),
  answered("UntagLogGroup", { logGroupName, tags: ["old"] }),
  refused("AssociateKmsKey", {
    logGroupName,
    kmsKeyId: "arn:aws:kms:eu-west-1:111122223333:key/00000000-0000-4000-8000-000000000000",
  }).with("400 InvalidParameterException: The specified KMS key does not exist"),
  answered("DisassociateKmsKey", { logGroupName }),
  answered(
    "PutLogGroupDeletionProtection",
    { logGroupIdentifier: logGroupName, deletionProtectionEnabled: false },
    { since: 2025 },
  ),
  answered("CreateLogStream", { logGroupName, logStreamName }),
  answered("DescribeLogStreams", { logGroupName }).says({ "logStreams.0.logStreamName": logStreamName }),
  // Too old: it is omitted.
  answered("PutLogEvents", {
    logGroupName,
    logStreamName,
    logEvents: [{ timestamp: begun - 86_400_000 * 30, message: "old" }],
  }).says({ "rejectedLogEventsInfo.tooOldLogEventEndIndex": 1 }),
  answered("GetLogEvents", { logGroupName, logStreamName }).says({ nextForwardToken: PRESENT, events: [] }),
  answered("FilterLogEvents", { logGroupName, filterPattern: "{ $.level = ERROR }" }).says({ events: [] }),
  refused("FilterLogEvents", { logGroupName, filterPattern: "a:b" }).with(
    "400 InvalidParameterException: Invalid character(s) in term ':'",
  ),
  answered("StartQuery as query", { logGroupName, ...query }).says({ queryId: PRESENT }),
  answered("GetQueryResults", { queryId: ref("query.queryId") }, { after: 1 }).says({ status: "Complete" }),
  answered("DescribeQueries", { logGroupName }).says({ "queries.0.status": "Complete" }),
  refused("StopQuery", { queryId: ref("query.queryId") }).with("400 InvalidParameterException: is not running"),
  refused("StartQuery", { logGroupName, ...query, queryString: "parse @message '*' as a" }).with(
    "400 MalformedQueryException: the command parse is not built",
  ),
  answered("DeleteLogStream", { logGroupName, logStreamName }),
  answered("DeleteLogGroup", { logGroupName }),
]);
