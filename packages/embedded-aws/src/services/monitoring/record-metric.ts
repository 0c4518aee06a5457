import type { StandardUnit } from "@aws-sdk/client-cloudwatch";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { scheduleEvaluation } from "./evaluate-alarm.ts";
import {
  addLevel,
  addSet,
  merge,
  newSeries,
  type Series,
  type SeriesName,
  type StatisticSet,
  setOf,
} from "./series.ts";
import { metricsOf, seriesKey } from "./state.ts";

interface Metric extends SeriesName {
  readonly value: number;
  /** A value that lasts until the next datapoint (a queue's depth). Omitted: a count of events. */
  readonly lasting?: boolean;
  readonly unit?: StandardUnit;
}

interface MetricSet extends SeriesName {
  readonly set: StatisticSet;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly unit?: StandardUnit | undefined;
}

/** Records one datapoint now. Alarms on the metric are evaluated at the end of their period. */
export function recordMetric(aws: EmbeddedAws, account: string, region: string, metric: Metric): void {
  const at = aws.clock.now();
  if (metric.lasting) {
    const key = seriesKey(metric);
    addLevel(seriesOf(aws, account, region, metric, key, true), at, metric.value);
    evaluateLater(aws, account, region, key);
  } else {
    recordSet(aws, account, region, { ...metric, set: setOf(metric.value), at });
  }
}

/** Records what was measured at a certain time. */
export function recordSet(aws: EmbeddedAws, account: string, region: string, metric: MetricSet): void {
  const key = seriesKey(metric);
  const series = seriesOf(aws, account, region, metric, key, false);
  if (metric.unit) series.unit = metric.unit;
  addSet(series, metric.at, metric.set, aws.clock.now());
  evaluateLater(aws, account, region, key);
}

function seriesOf(
  aws: EmbeddedAws,
  account: string,
  region: string,
  name: SeriesName,
  key: string,
  lasting: boolean,
): Series {
  const { series } = metricsOf(aws, account, region);
  const known = series.get(key);
  if (known) return known;
  const { namespace, metricName, dimensions } = name;
  const made = newSeries({ namespace, metricName, dimensions }, lasting);
  series.set(key, made);
  return made;
}

function evaluateLater(aws: EmbeddedAws, account: string, region: string, key: string): void {
  const { alarms } = metricsOf(aws, account, region);
  for (const alarm of alarms.values()) if (alarm.key === key) scheduleEvaluation(aws, alarm);
}

/** A log event's metrics in its `_aws` member (CloudWatch user guide, "Embedded metric format specification"). */
interface Directive {
  readonly Namespace: string;
  readonly Dimensions: readonly (readonly string[])[];
  readonly Metrics: readonly { readonly Name: string; readonly Unit?: StandardUnit }[];
}

type Members = Readonly<Record<string, unknown>>;

const MARK = '"CloudWatchMetrics"';
const DAY = 86_400_000;

/**
 * Extracts metrics from log lines with one JSON object each. Other lines and invalid metrics are ignored: CloudWatch
 * Logs keeps them as text, and so does the log here.
 */
export function recordEmbeddedMetrics(aws: EmbeddedAws, account: string, region: string, text: string): void {
  if (!text.includes(MARK)) return;
  for (const line of text.split("\n")) {
    const members = line.includes(MARK) ? parse(line) : undefined;
    const { Timestamp: at, CloudWatchMetrics: directives } = (members?._aws ?? {}) as Members;
    if (!members || typeof at !== "number" || !Array.isArray(directives) || !isInTime(at, aws.clock.now())) continue;
    for (const directive of directives as Directive[]) record(aws, account, region, directive, members, at);
  }
}

/** Log events are accepted up to two weeks late and two hours early (CloudWatch Logs API reference, `PutLogEvents`). */
const isInTime = (at: number, now: number): boolean => at > now - 14 * DAY && at < now + DAY / 12;

function record(
  aws: EmbeddedAws,
  account: string,
  region: string,
  { Namespace: namespace, Dimensions, Metrics = [] }: Directive,
  members: Members,
  at: number,
): void {
  if (typeof namespace !== "string") return;
  for (const { Name: metricName, Unit: unit } of Metrics) {
    const values = [members[metricName]].flat().filter((value) => typeof value === "number");
    if (values.length === 0) continue;
    const set = values.map((value) => setOf(value)).reduce(merge);
    for (const names of Dimensions ?? [[]]) {
      const dimensions = dimensionsOf(names, members);
      if (dimensions) recordSet(aws, account, region, { namespace, metricName, dimensions, set, at, unit });
    }
  }
}

/** Undefined if the members do not have a value for a dimension. */
function dimensionsOf(names: readonly string[], members: Members): Record<string, string> | undefined {
  const values = names.map((name) => [name, members[name]] as const);
  return values.every((entry): entry is readonly [string, string] => typeof entry[1] === "string")
    ? Object.fromEntries(values)
    : undefined;
}

function parse(line: string): Members | undefined {
  try {
    const parsed: unknown = JSON.parse(line);
    return typeof parsed === "object" && parsed !== null ? (parsed as Members) : undefined;
  } catch {
    return undefined;
  }
}
