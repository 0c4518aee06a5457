import type { ComparisonOperator, PutMetricAlarmInput } from "@aws-sdk/client-cloudwatch";

interface Comparison {
  /** As CloudWatch says it: `greater than`. */
  readonly words: string;
  readonly compare: (value: number, threshold: number) => boolean;
}

const COMPARISONS: Partial<Record<ComparisonOperator, Comparison>> = {
  GreaterThanOrEqualToThreshold: {
    words: "greater than or equal to",
    compare: (value, threshold) => value >= threshold,
  },
  GreaterThanThreshold: { words: "greater than", compare: (value, threshold) => value > threshold },
  LessThanThreshold: { words: "less than", compare: (value, threshold) => value < threshold },
  LessThanOrEqualToThreshold: { words: "less than or equal to", compare: (value, threshold) => value <= threshold },
};

/** False for the operators of anomaly detection, which are not built. */
export const isComparison = (operator: ComparisonOperator | undefined): boolean =>
  operator !== undefined && operator in COMPARISONS;

export function comparisonOf({ ComparisonOperator: operator, Threshold = 0 }: PutMetricAlarmInput) {
  const comparison = operator && COMPARISONS[operator];
  if (!comparison) throw new TypeError(`PutMetricAlarm let ${operator} in`);
  return { words: comparison.words, holds: (value: number): boolean => comparison.compare(value, Threshold) };
}
