import type { StandardUnit, Statistic } from "@aws-sdk/client-cloudwatch";

/** A summary of the values in a time span: CloudWatch does not store single values. */
export interface StatisticSet {
  readonly count: number;
  readonly sum: number;
  readonly minimum: number;
  readonly maximum: number;
}

/** One value, or the same value `count` times. */
export const setOf = (value: number, count = 1): StatisticSet => ({
  count,
  sum: value * count,
  minimum: value,
  maximum: value,
});

export const merge = (one: StatisticSet, other: StatisticSet): StatisticSet => ({
  count: one.count + other.count,
  sum: one.sum + other.sum,
  minimum: Math.min(one.minimum, other.minimum),
  maximum: Math.max(one.maximum, other.maximum),
});

export function statisticOfSet({ count, sum, minimum, maximum }: StatisticSet, statistic: Statistic): number {
  switch (statistic) {
    case "Sum":
      return sum;
    case "Average":
      return sum / count;
    case "Maximum":
      return maximum;
    case "Minimum":
      return minimum;
    case "SampleCount":
      return count;
  }
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The measurements of a span that begins at `start`, until they are merged with their neighbours. */
interface Bucket {
  readonly start: number;
  set: StatisticSet;
}

interface Level {
  readonly at: number;
  readonly value: number;
}

/** A metric's values over time. */
export interface Series {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
  unit: StandardUnit;
  /** Counts, the oldest first. */
  buckets: Bucket[];
  /** Levels (a queue's depth) that last until the next one; undefined for counts. */
  readonly levels: Level[] | undefined;
  compactAt: number;
  lastAt: number;
}

export type SeriesName = Pick<Series, "namespace" | "metricName" | "dimensions">;

export const newSeries = (name: SeriesName, lasting: boolean): Series => ({
  ...name,
  unit: "None",
  buckets: [],
  levels: lasting ? [] : undefined,
  compactAt: 2_000,
  lastAt: Number.NEGATIVE_INFINITY,
});

/** Resolution and retention of datapoints by age (CloudWatch API reference, `GetMetricData`). */
const RETENTION = [
  { until: 15 * DAY, resolution: MINUTE },
  { until: 63 * DAY, resolution: 5 * MINUTE },
  { until: 455 * DAY, resolution: HOUR },
] as const;

const resolutionAt = (age: number): number | undefined => RETENTION.find(({ until }) => age <= until)?.resolution;

/** Adds a measurement, which is rarely older than the newest. */
export function addSet(series: Series, at: number, set: StatisticSet, now: number): void {
  const start = Math.floor(at / MINUTE) * MINUTE;
  const { buckets } = series;
  const before = buckets.findLastIndex((bucket) => bucket.start <= start);
  const known = buckets[before];
  if (known?.start === start) known.set = merge(known.set, set);
  else buckets.splice(before + 1, 0, { start, set });
  series.lastAt = Math.max(series.lastAt, at);
  if (buckets.length >= series.compactAt) compact(series, now);
}

/** Merges buckets that are too old for their resolution, occasionally rather than at each datapoint. */
function compact(series: Series, now: number): void {
  const kept: Bucket[] = [];
  for (const { start, set } of series.buckets) {
    const resolution = resolutionAt(now - start);
    if (resolution === undefined) continue;
    const coarse = Math.floor(start / resolution) * resolution;
    const last = kept.at(-1);
    if (last && last.start >= coarse) last.set = merge(last.set, set);
    else kept.push({ start: coarse, set });
  }
  series.buckets = kept;
  series.compactAt = kept.length + 2_000;
}

/** Minimum number of level changes kept: a busy queue must not fill the memory. */
const MOST_LEVELS = 20_000;

export function addLevel(series: Series, at: number, value: number): void {
  const { levels } = series;
  if (!levels) return;
  // Of several levels at the same time, the last counts.
  if (levels.at(-1)?.at === at) levels.pop();
  if (levels.at(-1)?.value !== value) levels.push({ at, value });
  if (levels.length > 2 * MOST_LEVELS) levels.splice(0, MOST_LEVELS);
  series.lastAt = at;
}

/** The measurements in `[from, to)`; undefined if there are none. */
function setBetween({ buckets, levels }: Series, from: number, to: number): StatisticSet | undefined {
  if (levels) return levelsBetween(levels, from, to);
  let found: StatisticSet | undefined;
  for (let at = firstFrom(buckets, from); at < buckets.length; at++) {
    const bucket = buckets[at];
    if (!bucket || bucket.start >= to) break;
    found = found ? merge(found, bucket.set) : bucket.set;
  }
  return found;
}

/** The index of the first bucket that starts at or after a time. */
function firstFrom(buckets: readonly Bucket[], time: number): number {
  let low = 0;
  let high = buckets.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((buckets[middle]?.start ?? time) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Services publish levels once a minute: the level at each minute's end counts. */
function levelsBetween(levels: readonly Level[], from: number, to: number): StatisticSet | undefined {
  let found: StatisticSet | undefined;
  let next = to;
  for (let at = levels.length - 1; at >= 0 && next > from; at--) {
    const level = levels[at];
    if (!level || level.at >= next) continue;
    // The ends of minutes in this span at which this was the level.
    const since = Math.max(level.at, from);
    const count = Math.floor((next - from) / MINUTE) - Math.floor((since - from) / MINUTE);
    if (count > 0) found = found ? merge(found, setOf(level.value, count)) : setOf(level.value, count);
    next = from + Math.floor((since - from) / MINUTE) * MINUTE;
  }
  return found;
}

/** A metric's statistic over `[from, to)`; undefined without measurements. */
export function statisticOf(
  series: Series | undefined,
  statistic: Statistic,
  from: number,
  to: number,
): number | undefined {
  const set = series && setBetween(series, from, to);
  return set && statisticOfSet(set, statistic);
}

interface Asked {
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
  /** Milliseconds. */
  readonly period: number;
  readonly unit: StandardUnit | undefined;
}

export interface MeasuredPeriod {
  /** Milliseconds since the epoch. */
  readonly start: number;
  readonly set: StatisticSet;
}

/** A metric's periods with values, the oldest first; periods begin at multiples of their length. */
export function periodsOf(series: Series | undefined, { from, to, period, unit }: Asked): MeasuredPeriod[] {
  if (!series || ![undefined, series.unit].includes(unit)) return [];
  const periods: MeasuredPeriod[] = [];
  for (let start = Math.floor(from / period) * period; start < to; start += period) {
    const set = setBetween(series, start, start + period);
    if (set) periods.push({ start, set });
  }
  return periods;
}
