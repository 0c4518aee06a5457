import { type CloudWatchClient, type MetricDataQuery, paginateGetMetricData } from "@aws-sdk/client-cloudwatch";
import { type LambdaClient, paginateListFunctions } from "@aws-sdk/client-lambda";
import {
  DescribeExecutionCommand,
  type HistoryEventType,
  paginateGetExecutionHistory,
  paginateListExecutions,
  type SFNClient,
} from "@aws-sdk/client-sfn";
import * as z from "zod";
import type { Month } from "../../core/cost/month.ts";
import type { LambdaUsage } from "../../core/cost/usage.ts";

/** A Lambda function of the factory. */
interface MeteredFunction {
  readonly name: string;
  readonly memoryMB: number;
  readonly architecture: LambdaUsage["architecture"];
}

interface ServiceUse {
  readonly lambda: readonly LambdaUsage[] | undefined;
  readonly dynamodb: { readonly reads: number; readonly writes: number } | undefined;
  readonly notCounted: readonly string[];
}

/** CloudWatch's counts for the factory's functions and its ledger table in a month. */
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
            `Lambda: CloudWatch has no durations of ${untimed.length} function(s) that ran, so their GB-seconds are left out`,
          ]
        : []),
      ...(table_ ? [`DynamoDB: CloudWatch has no consumed capacity of ${table} in ${month.name}`] : []),
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

/** A metric in an AWS namespace, with its dimension. */
interface CountedMetric {
  readonly namespace: string;
  readonly name: string;
  readonly dimension: readonly [name: string, value: string];
}

/** Queries per call (CloudWatch API reference, "GetMetricData"). */
const MOST_QUERIES = 500;

const DAY_SECONDS = 86_400;

/**
 * Sums metrics in a month until now. CloudWatch keeps hourly data for 455 days.
 * @returns in the order of `metrics`; undefined where CloudWatch has no datapoint
 */
async function sumMetrics(
  client: CloudWatchClient,
  metrics: readonly CountedMetric[],
  { start, end }: Month,
  now: Date,
): Promise<(number | undefined)[]> {
  const sums = new Map<string, number>();
  const EndTime = new Date(Math.min(end, now.getTime()));
  for (let from = 0; from < metrics.length; from += MOST_QUERIES) {
    const MetricDataQueries = metrics.slice(from, from + MOST_QUERIES).map((metric, n) => toQuery(metric, from + n));
    const asked = { MetricDataQueries, StartTime: new Date(start), EndTime };
    for await (const { MetricDataResults = [] } of paginateGetMetricData({ client }, asked)) {
      for (const { Id = "", Values = [] } of MetricDataResults) {
        for (const value of Values) sums.set(Id, (sums.get(Id) ?? 0) + value);
      }
    }
  }
  return metrics.map((_, n) => sums.get(`m${n}`));
}

const toQuery = ({ namespace, name, dimension: [Name, Value] }: CountedMetric, n: number): MetricDataQuery => ({
  Id: `m${n}`,
  MetricStat: {
    Metric: { Namespace: namespace, MetricName: name, Dimensions: [{ Name, Value }] },
    Period: DAY_SECONDS,
    Stat: "Sum",
  },
});

/** The functions with a name prefix, with their present configuration. */
export async function listMeteredFunctions(client: LambdaClient, prefix: string): Promise<MeteredFunction[]> {
  const found: MeteredFunction[] = [];
  for await (const { Functions = [] } of paginateListFunctions({ client }, {})) {
    for (const { FunctionName: name = "", MemorySize, Architectures: [architecture = "x86_64"] = [] } of Functions) {
      // Lambda's defaults (Lambda API reference, CreateFunction).
      if (name.startsWith(prefix)) found.push({ name, memoryMB: MemorySize ?? 128, architecture });
    }
  }
  return found;
}

const input = z.object({ image: z.string() });

/** The promotion's time limit: an execution that began earlier ended before the month. */
const LONGEST_MS = 30 * 86_400_000;

const SCHEDULED: readonly HistoryEventType[] = ["TaskScheduled", "LambdaFunctionScheduled", "ActivityScheduled"];

/**
 * State transitions of a state machine's executions within a month, by image: each executed state counts, and each
 * retry (aws.amazon.com/step-functions/pricing). Step Functions keeps execution history for 90 days after the end.
 */
export async function countTransitions(
  client: SFNClient,
  stateMachineArn: string,
  month: Month,
): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  // Newest first.
  for await (const { executions = [] } of paginateListExecutions({ client }, { stateMachineArn, maxResults: 1000 })) {
    for (const { executionArn, startDate, stopDate } of executions) {
      const began = startDate?.getTime() ?? 0;
      if (began < month.start - LONGEST_MS) return counts;
      if (began >= month.end || (stopDate && stopDate.getTime() < month.start)) continue;
      const described = await client.send(new DescribeExecutionCommand({ executionArn }));
      const { image } = input.parse(JSON.parse(described.input ?? "{}"));
      counts[image] = (counts[image] ?? 0) + (await countIn(client, executionArn, month));
    }
  }
  return counts;
}

async function countIn(client: SFNClient, executionArn: string | undefined, month: Month): Promise<number> {
  let entered = 0;
  let tasks = 0;
  let scheduled = 0;
  const asked = { executionArn, maxResults: 1000, includeExecutionData: false };
  for await (const { events = [] } of paginateGetExecutionHistory({ client }, asked)) {
    for (const { type = "TaskScheduled", timestamp } of events) {
      const at = timestamp?.getTime() ?? 0;
      if (at < month.start || at >= month.end) continue;
      if (type.endsWith("StateEntered")) entered++;
      if (type === "TaskStateEntered") tasks++;
      if (SCHEDULED.includes(type)) scheduled++;
    }
  }
  return entered + Math.max(0, scheduled - tasks);
}
