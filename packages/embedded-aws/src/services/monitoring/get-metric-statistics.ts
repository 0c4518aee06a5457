import type * as Sdk from "@aws-sdk/client-cloudwatch";
import type { Datapoint, GetMetricStatisticsInput } from "@aws-sdk/client-cloudwatch";
import { AwsError } from "../../engine/aws-error.ts";
import type { Operations } from "../../engine/operation.ts";
import { type MeasuredPeriod, periodsOf } from "./periods.ts";
import { metricsOf, seriesKey, toDimensions } from "./state.ts";
import { statisticOfSet } from "./statistic-set.ts";

/** CloudWatch API reference, `GetMetricStatistics`. */
const MOST = 1_440;

export const operations = {
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
      const described = ({ start, set }: MeasuredPeriod): Datapoint => ({
        Timestamp: new Date(start),
        ...Object.fromEntries(Statistics.map((statistic) => [statistic, statisticOfSet(set, statistic)])),
        Unit: series?.unit,
      });
      return { Label: metricName, Datapoints: periods.map(described) };
    },
  },
} satisfies Operations<typeof Sdk>;

function asked({ StartTime, EndTime, Period = 0 }: GetMetricStatisticsInput) {
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
