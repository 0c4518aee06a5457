import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";

const metrics = new Metrics();

/** Counts one, at once: what follows may never come to its end. */
export const countMetric = (name: string): void => {
  metrics.singleMetric().addMetric(name, MetricUnit.Count, 1);
};
