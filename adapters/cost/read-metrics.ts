import { type CloudWatchClient, type MetricDataQuery, paginateGetMetricData } from "@aws-sdk/client-cloudwatch";
import type { Month } from "../../core/cost/month.ts";

/** A metric of one of AWS's own namespaces, with the one dimension that tells whose it is. */
export interface CountedMetric {
  readonly namespace: string;
  readonly name: string;
  readonly dimension: readonly [name: string, value: string];
}

/** Queries of one call (CloudWatch API reference, "GetMetricData"). */
const MOST_QUERIES = 500;
const DAY_SECONDS = 86_400;

/**
 * What metrics add up to in a month until now. CloudWatch keeps sums by the hour for 455 days.
 * @returns in the order of `metrics`; undefined where CloudWatch has no datapoint
 */
export async function sumMetrics(
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
