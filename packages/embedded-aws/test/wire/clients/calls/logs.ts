import { answered, type FactoryCall, PRESENT, ref, refused } from "../factory-call.ts";

const logGroupName = "/app/web";
const logStreamName = "s";
const arn = `arn:aws:logs:eu-west-1:111122223333:log-group:${logGroupName}`;
const missing = {
  code: "ResourceNotFoundException",
  status: 400,
  message: "The specified log group does not exist.",
};
/** The calls' clock began at 2026-04-01T08:00:00Z and has passed by some days at most. */
const begun = Date.UTC(2026, 3, 1, 8);
const query = {
  startTime: begun / 1_000,
  endTime: begun / 1_000 + 90 * 86_400,
  queryString: "stats count(*) as lines",
};

/** CloudWatch Logs: groups, streams, events, and Logs Insights. */
export const LOG_CALLS: readonly FactoryCall[] = [
  refused("logs:PutRetentionPolicy", { logGroupName, retentionInDays: 30 }, missing),
  answered("logs:CreateLogGroup", { logGroupName, tags: { team: "web" } }),
  refused(
    "logs:CreateLogGroup",
    { logGroupName },
    {
      code: "ResourceAlreadyExistsException",
      status: 400,
      message: "The specified log group already exists",
    },
  ),
  answered("logs:PutRetentionPolicy", { logGroupName, retentionInDays: 30 }),
  answered(
    "logs:DescribeLogGroups",
    { logGroupNamePrefix: "/app" },
    { "logGroups.0.retentionInDays": 30, "logGroups.0.arn": `${arn}:*` },
  ),
  answered("logs:DeleteRetentionPolicy", { logGroupName }),
  answered("logs:ListLogGroups", {}, { "logGroups.0.logGroupArn": PRESENT }, { since: 2025 }),
  answered("logs:TagResource", { resourceArn: arn, tags: { owner: "é" } }, {}, { since: 2022 }),
  answered("logs:ListTagsForResource", { resourceArn: arn }, { "tags.owner": "é" }, { since: 2022 }),
  answered("logs:UntagResource", { resourceArn: arn, tagKeys: ["owner"] }, {}, { since: 2022 }),
  answered("logs:TagLogGroup", { logGroupName, tags: { old: "1" } }),
  answered("logs:ListTagsLogGroup", { logGroupName }, { "tags.old": "1", "tags.team": "web" }),
  answered("logs:UntagLogGroup", { logGroupName, tags: ["old"] }),
  refused(
    "logs:AssociateKmsKey",
    { logGroupName, kmsKeyId: "arn:aws:kms:eu-west-1:111122223333:key/00000000-0000-4000-8000-000000000000" },
    { code: "InvalidParameterException", status: 400, message: "The specified KMS key does not exist" },
  ),
  answered("logs:DisassociateKmsKey", { logGroupName }),
  answered(
    "logs:PutLogGroupDeletionProtection",
    { logGroupIdentifier: logGroupName, deletionProtectionEnabled: false },
    {},
    { since: 2025 },
  ),
  answered("logs:CreateLogStream", { logGroupName, logStreamName }),
  answered("logs:DescribeLogStreams", { logGroupName }, { "logStreams.0.logStreamName": logStreamName }),
  // Too old: it is omitted.
  answered(
    "logs:PutLogEvents",
    { logGroupName, logStreamName, logEvents: [{ timestamp: begun - 86_400_000 * 30, message: "old" }] },
    { "rejectedLogEventsInfo.tooOldLogEventEndIndex": 1 },
  ),
  answered("logs:GetLogEvents", { logGroupName, logStreamName }, { nextForwardToken: PRESENT, events: [] }),
  answered("logs:FilterLogEvents", { logGroupName, filterPattern: "{ $.level = ERROR }" }, { events: [] }),
  refused(
    "logs:FilterLogEvents",
    { logGroupName, filterPattern: "a:b" },
    { code: "InvalidParameterException", status: 400, message: "Invalid character(s) in term ':'" },
  ),
  answered("logs:StartQuery", { logGroupName, ...query }, { queryId: PRESENT }, { as: "query" }),
  answered("logs:GetQueryResults", { queryId: ref("query.queryId") }, { status: "Complete" }, { after: 1 }),
  answered("logs:DescribeQueries", { logGroupName }, { "queries.0.status": "Complete" }),
  refused(
    "logs:StopQuery",
    { queryId: ref("query.queryId") },
    { code: "InvalidParameterException", status: 400, message: "is not running" },
  ),
  refused(
    "logs:StartQuery",
    { logGroupName, ...query, queryString: "parse @message '*' as a" },
    { code: "MalformedQueryException", status: 400, message: "the command parse is not built" },
  ),
  answered("logs:DeleteLogStream", { logGroupName, logStreamName }),
  answered("logs:DeleteLogGroup", { logGroupName }),
];
