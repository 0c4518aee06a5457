import { Metrics } from "@aws-lambda-powertools/metrics";
import { type MetricName, metricUnits } from "../../core/monitoring/metrics.ts";

const metrics = new Metrics();
// An image's metrics are the same whichever function tells them.
metrics.clearDefaultDimensions();

interface Dimensions {
  readonly factory: string;
  readonly image?: string;
  readonly channel?: string;
  readonly severity?: string;
}

/** Tells CloudWatch values of the factory's metrics by a line of the log, at once: what follows may fail. */
export function putMetrics(dimensions: Dimensions, values: Readonly<Partial<Record<MetricName, number>>>): void {
  const known = Object.entries(values) as [MetricName, number][];
  if (known.length === 0) return;
  for (const [name, value] of Object.entries(dimensions)) metrics.addDimension(name, value);
  for (const [name, value] of known) metrics.addMetric(name, metricUnits[name], value);
  metrics.publishStoredMetrics();
}
