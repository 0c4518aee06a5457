import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { defineState } from "../../engine/state.ts";
import { recordEmbeddedMetrics, recordMetric } from "../monitoring/record-metric.ts";
import type { LambdaFunction } from "./state.ts";

/** Something a function wrote, or Lambda about it. */
interface LogEntry {
  /** Factory time, in milliseconds. */
  readonly at: number;
  readonly requestId: string;
  readonly text: string;
}

/** The newest entries of each function that are kept. */
const KEPT = 1_000;

/** LogResult's size: the last 4 KB (Lambda API reference, `LogType`). */
const TAIL_BYTES = 4_096;

const logs = defineState("lambda logs", () => new Map<string, LogEntry[]>());

export const logGroup = ({ name, logging }: Pick<LambdaFunction, "name" | "logging">): string =>
  logging.LogGroup ?? `/aws/lambda/${name}`;

/** The newest log entries of a function, oldest first. */
export const logsOf = (aws: EmbeddedAws, account: string, region: string, name: string): readonly LogEntry[] =>
  aws.state(logs, account, region).get(name) ?? [];

/** Keeps what a function wrote, and takes the metrics out of it, as CloudWatch Logs does. */
export function writeLog(
  aws: EmbeddedAws,
  { account, region, name }: LambdaFunction,
  requestId: string,
  text: string,
): void {
  const byName = aws.state(logs, account, region);
  const entries = byName.get(name) ?? [];
  byName.set(name, entries);
  entries.push({ at: aws.clock.now(), requestId, text });
  recordEmbeddedMetrics(aws, account, region, text);
  // Now and then rather than one by one: taking off the front moves the rest.
  if (entries.length > 2 * KEPT) entries.splice(0, KEPT);
}

/** The end of what one invocation logged, in base64. */
export function logTail(aws: EmbeddedAws, { account, region, name }: LambdaFunction, requestId: string): string {
  const entries = logsOf(aws, account, region, name).filter((entry) => entry.requestId === requestId);
  return Buffer.from(entries.map(({ text }) => text).join(""))
    .subarray(-TAIL_BYTES)
    .toString("base64");
}

/** Lambda developer guide, "Types of metrics for Lambda functions". */
type FunctionMetric =
  | "Invocations"
  | "Errors"
  /** Milliseconds of factory time. */
  | "Duration"
  | "Throttles"
  | "RecursiveInvocationsDropped"
  | "DeadLetterErrors"
  | "DestinationDeliveryFailures"
  | "AsyncEventsReceived"
  | "AsyncEventsDropped";

export const recordFunctionMetric = (
  aws: EmbeddedAws,
  { account, region, name }: LambdaFunction,
  metricName: FunctionMetric,
  value: number,
): void =>
  recordMetric(aws, account, region, {
    namespace: "AWS/Lambda",
    metricName,
    dimensions: { FunctionName: name },
    value,
  });

/** How long one execution environment took to start. */
interface ColdStart {
  readonly functionName: string;
  /** Real milliseconds from the thread's start until the handler is loaded. */
  readonly ms: number;
}

const definition = defineState("lambda cold starts", (): ColdStart[] => []);

export const recordColdStart = (aws: EmbeddedAws, start: ColdStart): void => {
  aws.state(definition, "", "").push(start);
};

/** All cold starts so far, in the order in which they ended. */
export const coldStartsOf = (aws: EmbeddedAws): readonly ColdStart[] => aws.state(definition, "", "");
