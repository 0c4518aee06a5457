import type { Statistic } from "@aws-sdk/client-cloudwatch";
import { type Series, setBetween } from "./series.ts";
import { statisticOfSet } from "./statistic-set.ts";

/** A metric's statistic over `[from, to)`; undefined where nothing was recorded. */
export function statisticOf(
  series: Series | undefined,
  statistic: Statistic,
  from: number,
  to: number,
): number | undefined {
  const set = series && setBetween(series, from, to);
  return set && statisticOfSet(set, statistic);
}
