import type { HistoryEvent, LoggingConfiguration } from "@aws-sdk/client-sfn";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { type Authorization, AwsError } from "../../engine/operation.ts";
import { rolePrincipal } from "../../engine/principal.ts";
import { appendEvent } from "../logs/keep-events.ts";
import { makeStream } from "../logs/log-group.ts";
import { type LogGroup, logsIn } from "../logs/state.ts";

export const NO_LOGGING: LoggingConfiguration = { level: "OFF", includeExecutionData: false };

/** Permissions that the machine's role needs for log delivery (developer guide, "Logging using CloudWatch Logs"). */
const DELIVERY = [
  "CreateLogDelivery",
  "GetLogDelivery",
  "UpdateLogDelivery",
  "DeleteLogDelivery",
  "ListLogDeliveries",
  "PutResourcePolicy",
  "DescribeResourcePolicies",
  "DescribeLogGroups",
];

/** A machine with logging needs a role that may set up the delivery. */
export function mayDeliver(
  roleArn: string | undefined,
  { level = "OFF" }: LoggingConfiguration = NO_LOGGING,
): Partial<Authorization>[] {
  if (level === "OFF" || !roleArn) return [];
  const refusal = (): AwsError =>
    new AwsError(
      "AccessDeniedException",
      "The state machine IAM Role is not authorized to access the Log Destination",
      { status: 400 },
    );
  const as = rolePrincipal(roleArn, "StepFunctions");
  return DELIVERY.map((operation) => ({ action: `logs:${operation}`, resources: ["*"], as, refusal }));
}

/** @throws AwsError InvalidLoggingConfiguration; AWS's message for a group that does not exist is not known */
export function checkLogging(
  aws: EmbeddedAws,
  { level = "OFF", includeExecutionData = false, destinations }: LoggingConfiguration = NO_LOGGING,
): LoggingConfiguration {
  if (level === "OFF") return { level, includeExecutionData, ...(destinations?.length && { destinations }) };
  const [arn, ...others] = (destinations ?? []).map((one) => one.cloudWatchLogsLogGroup?.logGroupArn ?? "");
  if (arn === undefined || others.length > 0) throw invalid("Must specify exactly one Log Destination.");
  if (!/^arn:[\w-]+:logs:[\w-]+:\d{12}:log-group:[^:]+:\*$/.test(arn)) {
    throw invalid("Log Destination must be a CloudWatch Logs log group ARN that ends with ':*'.");
  }
  if (!groupWithArn(aws, arn)) throw invalid("Log Destination not found.");
  return { level, includeExecutionData, destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: arn } }] };
}

const invalid = (why: string): AwsError =>
  new AwsError("InvalidLoggingConfiguration", `Invalid Logging Configuration: ${why}`);

const FATAL = /^Execution(Aborted|Failed|TimedOut)$/;
const ERROR = /(Aborted|Failed|TimedOut)$|^FailStateEntered$/;

/** The events of each log level (developer guide, "Log levels for Step Functions execution events"). */
const isLogged: Readonly<Record<string, (type: string) => boolean>> = {
  ALL: () => true,
  ERROR: (type) => ERROR.test(type),
  FATAL: (type) => FATAL.test(type),
  OFF: () => false,
};

/** Members of an event's details with execution data. */
const DATA = new Set(["input", "inputDetails", "output", "outputDetails", "parameters", "resultSelector"]);

interface LoggingMachine {
  readonly name: string;
  readonly revisionId: string;
  readonly loggingConfiguration: LoggingConfiguration;
}

/** Delivers an event of an execution's history to the machine's log group, if the level includes it. */
export function logEvent(aws: EmbeddedAws, machine: LoggingMachine, executionArn: string, event: HistoryEvent): void {
  const { level = "OFF", includeExecutionData = false, destinations } = machine.loggingConfiguration;
  const groupArn = destinations?.[0]?.cloudWatchLogsLogGroup?.logGroupArn;
  if (groupArn === undefined || !isLogged[level]?.(event.type ?? "")) return;
  const { id, type, timestamp, previousEventId, ...more } = event;
  const [details = {}] = Object.values(more) as Readonly<Record<string, unknown>>[];
  const shown = Object.entries(details).filter(([member]) => includeExecutionData || !DATA.has(member));
  const line = {
    id: String(id),
    type,
    details: Object.fromEntries(shown),
    previous_event_id: String(previousEventId),
    event_timestamp: String(timestamp?.getTime()),
    execution_arn: executionArn,
    redrive_count: "0",
  };
  const day = timestamp?.toISOString().slice(0, 10);
  // AWS does not document its streams; here there is one for each day.
  deliverLog(
    aws,
    groupArn,
    `states/${machine.name}/${day}-00-00/${machine.revisionId.slice(0, 8)}`,
    JSON.stringify(line),
  );
}

/** A group by an ARN with or without a final `:*`. */
function groupWithArn(aws: EmbeddedAws, arn: string): LogGroup | undefined {
  const [, , , region = "", account = "", , name = ""] = arn.split(":");
  return logsIn(aws, account, region).groups.get(name);
}

/** A service's vended logs, configured before: written to an existing group, otherwise dropped. */
function deliverLog(aws: EmbeddedAws, groupArn: string, streamName: string, message: string): void {
  const group = groupWithArn(aws, groupArn);
  if (!group) return;
  appendEvent(aws, group, group.streams.get(streamName) ?? makeStream(aws, group, streamName), message);
}
