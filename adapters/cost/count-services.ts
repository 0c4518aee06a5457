import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { Month } from "../../core/cost/month.ts";
import type { LambdaUsage } from "../../core/cost/usage.ts";
import { type CountedMetric, sumMetrics } from "./read-metrics.ts";

/** A Lambda function of the factory. */
export interface MeteredFunction {
  readonly name: string;
  readonly memoryMB: number;
  readonly architecture: LambdaUsage["architecture"];
}

interface ServiceUse {
  readonly lambda: readonly LambdaUsage[] | undefined;
  readonly dynamodb: { readonly reads: number; readonly writes: number } | undefined;
  readonly notCounted: readonly string[];
}

/** What CloudWatch counted of the factory's functions and of its ledger's table in a month. */
export async function countServices(
  client: CloudWatchClient,
  { functions, table }: { readonly functions: readonly MeteredFunction[]; readonly table: string },
  month: Month,
  now: Date,
): Promise<ServiceUse> {
  const ofTable = (name: string): CountedMetric => ({
    namespace: "AWS/DynamoDB",
    name,
    dimension: ["TableName", table],
  });
  const ofFunctions = (name: string): CountedMetric[] =>
    functions.map((one) => ({ namespace: "AWS/Lambda", name, dimension: ["FunctionName", one.name] }));
  const [reads, writes, ...counts] = await sumMetrics(
    client,
    [
      ofTable("ConsumedReadCapacityUnits"),
      ofTable("ConsumedWriteCapacityUnits"),
      ...ofFunctions("Invocations"),
      ...ofFunctions("Duration"),
    ],
    month,
    now,
  );
  const used = functions.map((one, n) => ({ ...one, invocations: counts[n], ms: counts[n + functions.length] }));
  const invoked = used.filter(({ invocations }) => invocations);
  const untimed = invoked.filter(({ ms }) => ms === undefined);
  const table_ = reads === undefined && writes === undefined;
  return {
    lambda: invoked.length > 0 ? byArchitecture(invoked) : undefined,
    dynamodb: table_ ? undefined : { reads: reads ?? 0, writes: writes ?? 0 },
    notCounted: [
      ...(invoked.length === 0
        ? [`Lambda: CloudWatch has no invocations of the factory's functions in ${month.name}`]
        : []),
      ...(untimed.length > 0
        ? [
            `Lambda: CloudWatch has no durations of ${untimed.length} function(s) that were invoked, so their GB-seconds are left out`,
          ]
        : []),
      ...(table_ ? [`DynamoDB: CloudWatch has no consumed units of ${table} in ${month.name}`] : []),
    ],
  };
}

function byArchitecture(
  used: readonly (MeteredFunction & { readonly invocations: number | undefined; readonly ms: number | undefined })[],
): LambdaUsage[] {
  const groups = Map.groupBy(used, ({ architecture }) => architecture);
  return [...groups].map(([architecture, some]) => ({
    architecture,
    invocations: some.reduce((sum, { invocations = 0 }) => sum + invocations, 0),
    // A function's memory in MB is 1/1024 of Lambda's GB (AWS Lambda pricing).
    gbSeconds: some.reduce((sum, { memoryMB, ms = 0 }) => sum + (ms / 1000) * (memoryMB / 1024), 0),
  }));
}
