import { defineState, type EmbeddedAws } from "../../engine/embedded-aws.ts";
import { recordMetric } from "../monitoring/record-metric.ts";
import type { LambdaFunction } from "./state.ts";

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

/** The start time of one execution environment. */
interface ColdStart {
  readonly functionName: string;
  /** Real milliseconds from the thread's start until the handler is loaded. */
  readonly ms: number;
}

const definition = defineState("lambda cold starts", (): ColdStart[] => []);

export const recordColdStart = (aws: EmbeddedAws, start: ColdStart): void => {
  aws.state(definition, "", "").push(start);
};

/** All cold starts so far, in the order of completion. */
export const coldStartsOf = (aws: EmbeddedAws): readonly ColdStart[] => aws.state(definition, "", "");
