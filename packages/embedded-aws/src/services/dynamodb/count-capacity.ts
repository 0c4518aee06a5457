import type { ConsumedCapacity, ReturnConsumedCapacity } from "@aws-sdk/client-dynamodb";
import { recordMetric } from "../monitoring/record-metric.ts";
import type { Place } from "./run-dynalite.ts";

interface Input {
  readonly TableName: string | undefined;
  readonly ReturnConsumedCapacity?: ReturnConsumedCapacity | undefined;
}

/**
 * Carries out an operation and tells CloudWatch the units that it consumed of its table (DynamoDB developer guide,
 * "DynamoDB metrics and dimensions"). What was refused counts nothing here; in AWS a failed condition does.
 */
export async function countingCapacity<Output>(
  { aws, account, region }: Place,
  table: string,
  kind: "Read" | "Write",
  input: Input,
  run: (input: Input) => Promise<Output>,
): Promise<Output> {
  const wanted = input.ReturnConsumedCapacity ?? "NONE";
  const ReturnConsumedCapacity = wanted === "NONE" ? "TOTAL" : wanted;
  const output = await run({ ...input, TableName: table, ReturnConsumedCapacity });
  const { ConsumedCapacity, ...rest } = output as Output & { readonly ConsumedCapacity?: ConsumedCapacity };
  recordMetric(aws, account, region, {
    namespace: "AWS/DynamoDB",
    metricName: `Consumed${kind}CapacityUnits`,
    dimensions: { TableName: table },
    value: ConsumedCapacity?.CapacityUnits ?? 0,
  });
  return wanted === "NONE" ? (rest as Output) : output;
}
