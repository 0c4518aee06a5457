import type { StandardUnit } from "@aws-sdk/client-cloudwatch";
import { type Series, setBetween } from "./series.ts";
import type { StatisticSet } from "./statistic-set.ts";

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
  if (!series || (unit !== undefined && unit !== series.unit)) return [];
  const periods: MeasuredPeriod[] = [];
  for (let start = Math.floor(from / period) * period; start < to; start += period) {
    const set = setBetween(series, start, start + period);
    if (set) periods.push({ start, set });
  }
  return periods;
}
