import type * as Sdk from "@aws-sdk/client-cloudwatch";
import type { MetricDatum } from "@aws-sdk/client-cloudwatch";
import { AwsError } from "../../engine/aws-error.ts";
import type { Operations } from "../../engine/operation.ts";
import { recordSet } from "./record-metric.ts";
import { toDimensions } from "./state.ts";
import { merge, type StatisticSet, setOf } from "./statistic-set.ts";

const HOUR = 3_600_000;

export const operations = {
  /** Takes metrics of one's own; resolutions below a minute are not built. */
  PutMetricData: {
    authorize: ({ Namespace = "" }) => [{ resources: ["*"], context: { "cloudwatch:namespace": Namespace } }],
    run({ Namespace: namespace = "", MetricData = [] }, { aws, account, region }) {
      if (namespace.startsWith("AWS/")) throw invalid("The value AWS/ for parameter Namespace is invalid.");
      const now = aws.clock.now();
      const metrics = MetricData.map((datum) => {
        const at = datum.Timestamp?.getTime() ?? now;
        // Two weeks late and two hours early (CloudWatch API reference, `PutMetricData`).
        if (at < now - 336 * HOUR || at > now + 2 * HOUR) {
          throw invalid("Timestamp must be at most two weeks in the past and two hours in the future.");
        }
        const { MetricName: metricName = "", Dimensions, Unit: unit } = datum;
        return { namespace, metricName, dimensions: toDimensions(Dimensions), set: toSet(datum), at, unit };
      });
      for (const metric of metrics) recordSet(aws, account, region, metric);
      return {};
    },
  },
} satisfies Operations<typeof Sdk>;

function toSet({ MetricName, Value, StatisticValues, Values, Counts, StorageResolution }: MetricDatum): StatisticSet {
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

const invalid = (message: string): AwsError => new AwsError("InvalidParameterValue", message, { status: 400 });
