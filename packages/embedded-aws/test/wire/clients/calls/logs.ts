import { answered, type FactoryCall, ofService, PRESENT, ref, refused } from "../factory-call.ts";

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
  refused("PutRetentionPolicy", { logGroupName, retentionInDays: 30 }, missing),
  answered("CreateLogGroup", { logGroupName, tags: { team: "web" } }),
  refused(
    "CreateLogGroup",
    { logGroupName },
    "400 ResourceAlreadyExistsException: The specified log group already exists",
  ),
  answered("PutRetentionPolicy", { logGroupName, retentionInDays: 30 }),
  answered(
    "DescribeLogGroups",
    { logGroupNamePrefix: "/app" },
    { "logGroups.0.retentionInDays": 30, "logGroups.0.arn": `${arn}:*` },
  ),
  answered("DeleteRetentionPolicy", { logGroupName }),
  answered("ListLogGroups", {}, { "logGroups.0.logGroupArn": PRESENT }, { since: 2025 }),
  answered("TagResource", { resourceArn: arn, tags: { owner: "é" } }, {}, { since: 2022 }),
  answered("ListTagsForResource", { resourceArn: arn }, { "tags.owner": "é" }, { since: 2022 }),
  answered("UntagResource", { resourceArn: arn, tagKeys: ["owner"] }, {}, { since: 2022 }),
  answered("TagLogGroup", { logGroupName, tags: { old: "1" } }),
  answered("ListTagsLogGroup", { logGroupName }, { "tags.old": "1", "tags.team": "web" }),
  answered("UntagLogGroup", { logGroupName, tags: ["old"] }),
  refused(
    "AssociateKmsKey",
    { logGroupName, kmsKeyId: "arn:aws:kms:eu-west-1:111122223333:key/00000000-0000-4000-8000-000000000000" },
    "400 InvalidParameterException: The specified KMS key does not exist",
  ),
  answered("DisassociateKmsKey", { logGroupName }),
  answered(
    "PutLogGroupDeletionProtection",
    { logGroupIdentifier: logGroupName, deletionProtectionEnabled: false },
    {},
    { since: 2025 },
  ),
  answered("CreateLogStream", { logGroupName, logStreamName }),
  answered("DescribeLogStreams", { logGroupName }, { "logStreams.0.logStreamName": logStreamName }),
  // Too old: it is omitted.
  answered(
    "PutLogEvents",
    { logGroupName, logStreamName, logEvents: [{ timestamp: begun - 86_400_000 * 30, message: "old" }] },
    { "rejectedLogEventsInfo.tooOldLogEventEndIndex": 1 },
  ),
  answered("GetLogEvents", { logGroupName, logStreamName }, { nextForwardToken: PRESENT, events: [] }),
  answered("FilterLogEvents", { logGroupName, filterPattern: "{ $.level = ERROR }" }, { events: [] }),
  refused(
    "FilterLogEvents",
    { logGroupName, filterPattern: "a:b" },
    "400 InvalidParameterException: Invalid character(s) in term ':'",
  ),
  answered("StartQuery", { logGroupName, ...query }, { queryId: PRESENT }, { as: "query" }),
  answered("GetQueryResults", { queryId: ref("query.queryId") }, { status: "Complete" }, { after: 1 }),
  answered("DescribeQueries", { logGroupName }, { "queries.0.status": "Complete" }),
  refused("StopQuery", { queryId: ref("query.queryId") }, "400 InvalidParameterException: is not running"),
  refused(
    "StartQuery",
    { logGroupName, ...query, queryString: "parse @message '*' as a" },
    "400 MalformedQueryException: the command parse is not built",
  ),
  answered("DeleteLogStream", { logGroupName, logStreamName }),
  answered("DeleteLogGroup", { logGroupName }),
]);
