import type { EmbeddedAws } from "../../embedded-aws.ts";
import { scheduleEvaluation } from "./evaluate-alarm.ts";
import { alarmKey, metricsOf, seriesKey } from "./state.ts";

export interface Metric {
  /** `AWS/SQS`, `AWS/States`, `AWS/Lambda`, ... */
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly value: number;
  /** A level that lasts until the next datapoint (a queue's depth). Left out: a count of what just happened. */
  readonly lasting?: boolean;
}

const KEPT_MS = 24 * 3_600_000;

/** Tells CloudWatch one datapoint, now. Alarms on the metric are evaluated when their period ends. */
export function recordMetric(aws: EmbeddedAws, account: string, region: string, metric: Metric): void {
  const { series, alarms } = metricsOf(aws, account, region);
  const key = seriesKey(metric.namespace, metric.metricName, metric.dimensions);
  const known = series.get(key) ?? { datapoints: [], lasting: metric.lasting ?? false };
  series.set(key, known);
  const at = aws.clock.now();
  while (known.datapoints.length > 1 && (known.datapoints[1]?.at ?? at) < at - KEPT_MS) known.datapoints.shift();
  known.datapoints.push({ at, value: metric.value });
  for (const alarm of alarms.values()) {
    if (alarmKey(alarm.settings) === key) scheduleEvaluation(aws, alarm);
  }
}
