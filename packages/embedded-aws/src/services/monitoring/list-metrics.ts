import type * as Sdk from "@aws-sdk/client-cloudwatch";
import type { Metric } from "@aws-sdk/client-cloudwatch";
import type { Operations } from "../../engine/operation.ts";
import { paginate } from "../../engine/paging.ts";
import type { Series } from "./series.ts";
import { metricsOf } from "./state.ts";

/** As many as AWS gives at once (CloudWatch API reference, `ListMetrics`), and how long after its last datapoint one is listed. */
const PAGE = 500;
const LISTED_MS = 14 * 86_400_000;
const RECENT_MS = 3 * 3_600_000;

export const operations = {
  ListMetrics: {
    run({ Namespace, MetricName, Dimensions = [], RecentlyActive, NextToken }, { aws, account, region }) {
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
      const { items, next } = paginate(metrics, NextToken, PAGE, "InvalidNextToken");
      return { Metrics: items.map(([, series]) => described(series)), OwningAccounts: [], NextToken: next };
    },
  },
} satisfies Operations<typeof Sdk>;

const described = ({ namespace, metricName, dimensions }: Series): Metric => ({
  Namespace: namespace,
  MetricName: metricName,
  Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
});
