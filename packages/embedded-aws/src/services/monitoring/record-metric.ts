import type { StandardUnit } from "@aws-sdk/client-cloudwatch";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { scheduleEvaluation } from "./evaluate-alarm.ts";
import { addLevel, addSet, newSeries, type SeriesName } from "./series.ts";
import { metricsOf, seriesKey } from "./state.ts";
import { type StatisticSet, setOf } from "./statistic-set.ts";

export interface Metric extends SeriesName {
  readonly value: number;
  /** A level that lasts until the next datapoint (a queue's depth). Left out: a count of what just happened. */
  readonly lasting?: boolean;
  readonly unit?: StandardUnit;
}

export interface MetricSet extends SeriesName {
  readonly set: StatisticSet;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly unit?: StandardUnit | undefined;
}

/** Tells CloudWatch one datapoint, now. Alarms on the metric are evaluated when their period ends. */
export function recordMetric(aws: EmbeddedAws, account: string, region: string, metric: Metric): void {
  const at = aws.clock.now();
  if (metric.lasting) {
    addLevel(seriesOf(aws, account, region, metric, true), at, metric.value);
    evaluateLater(aws, account, region, metric);
  } else {
    recordSet(aws, account, region, { ...metric, set: setOf(metric.value), at });
  }
}

/** Tells CloudWatch what was measured at some time. */
export function recordSet(aws: EmbeddedAws, account: string, region: string, metric: MetricSet): void {
  const series = seriesOf(aws, account, region, metric, false);
  if (metric.unit) series.unit = metric.unit;
  addSet(series, metric.at, metric.set, aws.clock.now());
  evaluateLater(aws, account, region, metric);
}

function seriesOf(aws: EmbeddedAws, account: string, region: string, name: SeriesName, lasting: boolean) {
  const { series } = metricsOf(aws, account, region);
  const key = seriesKey(name);
  const known = series.get(key);
  if (known) return known;
  const { namespace, metricName, dimensions } = name;
  const made = newSeries({ namespace, metricName, dimensions }, lasting);
  series.set(key, made);
  return made;
}

function evaluateLater(aws: EmbeddedAws, account: string, region: string, name: SeriesName): void {
  const { alarms } = metricsOf(aws, account, region);
  if (alarms.size === 0) return;
  const key = seriesKey(name);
  for (const alarm of alarms.values()) if (alarm.key === key) scheduleEvaluation(aws, alarm);
}
