import type * as Sdk from "@aws-sdk/client-cloudwatch";
import { AwsError, type Call, type Operations } from "../../engine/operation.ts";
import { paginate } from "../../engine/paging.ts";
import { recordSet } from "./record-metric.ts";
import {
  type MeasuredPeriod,
  merge,
  periodsOf,
  type Series,
  type StatisticSet,
  setOf,
  statisticOfSet,
} from "./series.ts";
import { metricsOf, seriesKey, toDimensions } from "./state.ts";

const HOUR = 3_600_000;

/** How long a metric is listed after its last datapoint (CloudWatch API reference, `ListMetrics`). */
const LISTED_MS = 14 * 86_400_000;
const RECENT_MS = 3 * 3_600_000;

/** CloudWatch API reference, `GetMetricStatistics`. */
const MOST = 1_440;

/** CloudWatch API reference, `GetMetricData`: limit for all results together. */
const MOST_AT_ONCE = 100_800;
const STATISTICS: ReadonlySet<string> = new Set(["Sum", "Average", "Maximum", "Minimum", "SampleCount"]);

interface Point {
  readonly query: Sdk.MetricDataQuery;
  readonly at: number;
  readonly value: number;
}

export const operations = {
  /** Accepts custom metrics; resolutions below a minute are not built. */
  PutMetricData: {
    authorize: ({ Namespace = "" }) => [{ resources: ["*"], context: { "cloudwatch:namespace": Namespace } }],
    run({ Namespace: namespace = "", MetricData = [] }, { aws, account, region }) {
      if (namespace.startsWith("AWS/")) throw invalid("The value AWS/ for parameter Namespace is invalid.");
      const now = aws.clock.now();
      const metrics = MetricData.map((datum) => {
        const at = datum.Timestamp?.getTime() ?? now;
        // At most two weeks late and two hours early (CloudWatch API reference, `PutMetricData`).
        if (at < now - 336 * HOUR || at > now + 2 * HOUR) {
          throw invalid("Timestamp must be at most two weeks in the past and two hours in the future.");
        }
        const { MetricName: metricName = "", Dimensions, Unit: unit } = datum;
        return { namespace, metricName, dimensions: toDimensions(Dimensions), set: toSet(datum), at, unit };
      });
      for (const metric of metrics) recordSet(aws, account, region, metric);
    },
  },
  ListMetrics: {
    list: { items: "Metrics", usual: 500 },
    run({ Namespace, MetricName, Dimensions = [], RecentlyActive }, { aws, account, region }) {
      const oldest = aws.clock.now() - (RecentlyActive === "PT3H" ? RECENT_MS : LISTED_MS);
      const metrics = [...metricsOf(aws, account, region).series.entries()]
        .filter(([, { namespace }]) => Namespace === undefined || namespace === Namespace)
        .filter(([, { metricName }]) => MetricName === undefined || metricName === MetricName)
        .filter(([, { levels, lastAt }]) => levels !== undefined || lastAt >= oldest)
        .filter(([, { dimensions }]) =>
          Dimensions.every(({ Name = "", Value }) =>
            Value === undefined ? Name in dimensions : dimensions[Name] === Value,
          ),
        )
        .sort(([a], [b]) => (a < b ? -1 : 1));
      return { Metrics: metrics.map(([, series]) => listed(series)), OwningAccounts: [] };
    },
  },
  GetMetricStatistics: {
    run(input, { aws, account, region }) {
      const { Namespace: namespace = "", MetricName: metricName = "", Dimensions, Statistics = [], Unit: unit } = input;
      if (input.ExtendedStatistics) {
        throw new AwsError("NotImplemented", "Percentiles are not built in the embedded AWS.");
      }
      if (Statistics.length === 0) {
        throw refused(
          "InvalidParameterCombination",
          "At least one of the parameters Statistics and ExtendedStatistics must be specified.",
        );
      }
      const { from, to, period } = asked(input);
      const series = metricsOf(aws, account, region).series.get(
        seriesKey({ namespace, metricName, dimensions: toDimensions(Dimensions) }),
      );
      const periods = periodsOf(series, { from, to, period, unit });
      const described = ({ start, set }: MeasuredPeriod): Sdk.Datapoint => ({
        Timestamp: new Date(start),
        ...Object.fromEntries(Statistics.map((statistic) => [statistic, statisticOfSet(set, statistic)])),
        Unit: series?.unit,
      });
      return { Label: metricName, Datapoints: periods.map(described) };
    },
  },
  /** Values of metrics over time. Metric math, SQL queries and percentiles are not built. */
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
      // A page only contains results with values, unless there are none.
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

function toSet({
  MetricName,
  Value,
  StatisticValues,
  Values,
  Counts,
  StorageResolution,
}: Sdk.MetricDatum): StatisticSet {
  if (StorageResolution !== undefined && StorageResolution < 60) {
    throw new AwsError("NotImplemented", "Metrics of a second's resolution are not built in the embedded AWS.");
  }
  if (StatisticValues) {
    const { SampleCount = 0, Sum = 0, Minimum = 0, Maximum = 0 } = StatisticValues;
    return { count: SampleCount, sum: Sum, minimum: Minimum, maximum: Maximum };
  }
  const values = Values ?? (Value === undefined ? [] : [Value]);
  if (values.length === 0) throw invalid(`The metric ${MetricName} has neither Value, Values nor StatisticValues.`);
  if (Counts && Counts.length !== values.length) throw invalid(`Values and Counts of ${MetricName} differ in number.`);
  return values.map((value, n) => setOf(value, Counts?.[n] ?? 1)).reduce(merge);
}

const invalid = (message: string): AwsError => new AwsError("InvalidParameterValue", message);

const listed = ({ namespace, metricName, dimensions }: Series): Sdk.Metric => ({
  Namespace: namespace,
  MetricName: metricName,
  Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
});

function asked({ StartTime, EndTime, Period = 0 }: Sdk.GetMetricStatisticsInput) {
  const from = StartTime?.getTime() ?? 0;
  const to = EndTime?.getTime() ?? 0;
  if (from >= to) {
    throw refused("InvalidParameterValue", "The parameter StartTime must be less than the parameter EndTime.");
  }
  if (Period < 60 || Period % 60 !== 0) {
    throw refused("InvalidParameterValue", "The parameter Period must be a multiple of 60.");
  }
  const period = Period * 1_000;
  const points = Math.ceil((to - from) / period);
  if (points > MOST) {
    throw refused(
      "InvalidParameterCombination",
      `You have requested up to ${points} datapoints, which exceeds the limit of ${MOST}. You may reduce the datapoints requested by increasing Period, or decreasing the time range.`,
    );
  }
  return { from, to, period };
}

const refused = (code: string, message: string): AwsError => new AwsError(code, message, { status: 400 });

function pointsOf(query: Sdk.MetricDataQuery, from: number, to: number, { aws, account, region }: Call): Point[] {
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
    value: statisticOfSet(set, Stat as Sdk.Statistic),
  }));
}

function toResult(query: Sdk.MetricDataQuery, page: readonly Point[], all: readonly Point[]): Sdk.MetricDataResult {
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
