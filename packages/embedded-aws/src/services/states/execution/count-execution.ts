import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import { recordMetric } from "../../monitoring/record-metric.ts";
import { accountOf, regionOf } from "../arns.ts";
import type { Execution } from "../state.ts";

const metricNames = {
  RUNNING: "ExecutionsStarted",
  SUCCEEDED: "ExecutionsSucceeded",
  FAILED: "ExecutionsFailed",
  TIMED_OUT: "ExecutionsTimedOut",
  ABORTED: "ExecutionsAborted",
} as const;

/** Namespace `AWS/States`, by machine (Developer Guide, "Monitoring Step Functions metrics using CloudWatch"). */
export function countExecution(aws: EmbeddedAws, { arn, status, machine }: Execution): void {
  recordMetric(aws, accountOf(arn), regionOf(arn), {
    namespace: "AWS/States",
    metricName: metricNames[status],
    dimensions: { StateMachineArn: machine.arn },
    value: 1,
  });
}
