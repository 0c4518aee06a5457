import type * as Sdk from "@aws-sdk/client-cloudwatch";
import type { MetricDataQuery, MetricDataResult, Statistic } from "@aws-sdk/client-cloudwatch";
import { AwsError } from "../../engine/aws-error.ts";
import type { Call, Operations } from "../../engine/operation.ts";
import { paginate } from "../../engine/paging.ts";
import { periodsOf } from "./periods.ts";
import { metricsOf, seriesKey, toDimensions } from "./state.ts";
import { statisticOfSet } from "./statistic-set.ts";

/** CloudWatch API reference, `GetMetricData`: datapoints of all results together. */
const MOST_AT_ONCE = 100_800;

const STATISTICS: ReadonlySet<string> = new Set(["Sum", "Average", "Maximum", "Minimum", "SampleCount"]);

interface Point {
  readonly query: MetricDataQuery;
  readonly at: number;
  readonly value: number;
}

export const operations = {
  /** Values of metrics over time. Metric math, queries by SQL and percentiles are not built. */
  GetMetricData: {
    list: { size: "MaxDatapoints" },
    run(input, call) {
      const { MetricDataQueries: queries = [], StartTime, EndTime, NextToken, MaxDatapoints = MOST_AT_ONCE } = input;
      const from = StartTime?.getTime() ?? 0;
      const to = EndTime?.getTime() ?? 0;
      if (from >= to) throw invalid("The parameter StartTime must be less than the parameter EndTime.");
      const newestFirst = input.ScanBy !== "TimestampAscending";
      const points = queries.flatMap((query) => {
        const found = pointsOf(query, from, to, call);
        return newestFirst ? found.toReversed() : found;
      });
      const page = paginate(points, NextToken, MaxDatapoints, "InvalidNextToken");
      const shown = queries.filter((query) => query.ReturnData !== false);
      const results = shown.map((query) => toResult(query, page.items, points));
      // A page says nothing of results of which it has nothing, unless that is all there is of them.
      const some = results.filter(
        ({ Id, Values = [] }) => Values.length > 0 || !points.some(({ query }) => query.Id === Id),
      );
      return {
        MetricDataResults: page.next || NextToken ? some : results,
        Messages: [],
        ...(page.next && { NextToken: page.next }),
      };
    },
  },
} satisfies Operations<typeof Sdk>;

function pointsOf(query: MetricDataQuery, from: number, to: number, { aws, account, region }: Call): Point[] {
  const { MetricStat: asked } = query;
  if (!asked) throw new AwsError("NotImplemented", "Metric math is not built in the embedded AWS.");
  const { Metric: metric, Period = 0, Stat = "", Unit: unit } = asked;
  if (!STATISTICS.has(Stat))
    throw new AwsError("NotImplemented", `The statistic ${Stat} is not built in the embedded AWS.`);
  if (Period < 60 || Period % 60 !== 0) throw invalid(`Period must be a multiple of 60, not ${Period}.`);
  const { Namespace: namespace = "", MetricName: metricName = "", Dimensions } = metric ?? {};
  const key = seriesKey({ namespace, metricName, dimensions: toDimensions(Dimensions) });
  const series = metricsOf(aws, account, region).series.get(key);
  return periodsOf(series, { from, to, period: Period * 1_000, unit }).map(({ start, set }) => ({
    query,
    at: start,
    value: statisticOfSet(set, Stat as Statistic),
  }));
}

function toResult(query: MetricDataQuery, page: readonly Point[], all: readonly Point[]): MetricDataResult {
  const isOwn = (point: Point) => point.query === query;
  const own = page.filter(isOwn);
  return {
    Id: query.Id,
    Label: query.Label ?? query.MetricStat?.Metric?.MetricName,
    Timestamps: own.map(({ at }) => new Date(at)),
    Values: own.map(({ value }) => value),
    StatusCode: all.findLast(isOwn) === own.at(-1) ? "Complete" : "PartialData",
  };
}

const invalid = (message: string): AwsError => new AwsError("InvalidParameterValue", message, { status: 400 });
