import type * as Sdk from "@aws-sdk/client-cloudwatch";
import type { Metric } from "@aws-sdk/client-cloudwatch";
import type { Operations } from "../../engine/operation.ts";
import type { Series } from "./series.ts";
import { metricsOf } from "./state.ts";

/** How long after its last datapoint a metric is listed (CloudWatch API reference, `ListMetrics`). */
const LISTED_MS = 14 * 86_400_000;
const RECENT_MS = 3 * 3_600_000;

export const operations = {
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
} satisfies Operations<typeof Sdk>;

const listed = ({ namespace, metricName, dimensions }: Series): Metric => ({
  Namespace: namespace,
  MetricName: metricName,
  Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
});
