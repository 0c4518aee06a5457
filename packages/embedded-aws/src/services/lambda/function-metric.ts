import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { recordMetric } from "../monitoring/record-metric.ts";
import type { LambdaFunction } from "./state.ts";

/** Lambda developer guide, "Types of metrics for Lambda functions". */
type FunctionMetric =
  | "Invocations"
  | "Errors"
  /** Milliseconds of factory time. */
  | "Duration"
  | "Throttles"
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
