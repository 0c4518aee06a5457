import type { Statistic } from "@aws-sdk/client-cloudwatch";
import type { Series } from "./state.ts";

const MINUTE_MS = 60_000;

/** A metric's statistic over `[from, to)`; undefined where nothing was recorded. */
export function statisticOf(
  series: Series | undefined,
  statistic: Statistic,
  from: number,
  to: number,
): number | undefined {
  const values = series ? valuesBetween(series, from, to) : [];
  if (values.length === 0) return undefined;
  const sum = values.reduce((total, value) => total + value, 0);
  switch (statistic) {
    case "Sum":
      return sum;
    case "Average":
      return sum / values.length;
    case "Maximum":
      return Math.max(...values);
    case "Minimum":
      return Math.min(...values);
    case "SampleCount":
      return values.length;
  }
}

function valuesBetween({ datapoints, lasting }: Series, from: number, to: number): number[] {
  if (!lasting) return datapoints.filter(({ at }) => at >= from && at < to).map(({ value }) => value);
  // Services publish levels once a minute: the level at each minute's end counts.
  const values: number[] = [];
  for (let minute = from + MINUTE_MS; minute <= to; minute += MINUTE_MS) {
    const level = datapoints.findLast(({ at }) => at < minute);
    if (level) values.push(level.value);
  }
  return values;
}
