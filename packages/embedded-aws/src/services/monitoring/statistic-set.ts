import type { Statistic } from "@aws-sdk/client-cloudwatch";

/** What is known of the values of one stretch of time: CloudWatch keeps no values one by one. */
export interface StatisticSet {
  readonly count: number;
  readonly sum: number;
  readonly minimum: number;
  readonly maximum: number;
}

/** One value, or the same one `count` times. */
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
