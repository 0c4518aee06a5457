import type { ComparisonOperator, PutMetricAlarmInput, StateValue } from "@aws-sdk/client-cloudwatch";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { statisticOf } from "./series.ts";
import { setState } from "./set-state.ts";
import { type Alarm, metricsOf } from "./state.ts";

interface Period {
  readonly start: number;
  /** Undefined: nothing was recorded. */
  readonly value: number | undefined;
}

/** Evaluates an alarm at the end of its current period, and afterwards as long as its state may change. */
export function scheduleEvaluation(aws: EmbeddedAws, alarm: Alarm): void {
  alarm.evaluationsLeft = (alarm.settings.EvaluationPeriods ?? 1) + 1;
  planEvaluation(aws, alarm);
}

function planEvaluation(aws: EmbeddedAws, alarm: Alarm): void {
  if (alarm.cancelEvaluation) return;
  const period = periodMs(alarm.settings);
  const now = aws.clock.now();
  const end = (Math.floor(now / period) + 1) * period;
  alarm.cancelEvaluation = aws.clock.after(end - now, async () => {
    alarm.cancelEvaluation = undefined;
    alarm.evaluationsLeft--;
    if (alarm.evaluationsLeft > 0) planEvaluation(aws, alarm);
    await evaluate(aws, alarm, end);
  });
}

/** Stops an alarm's timer. */
export function stopEvaluation(alarm: Alarm): void {
  alarm.cancelEvaluation?.();
  alarm.cancelEvaluation = undefined;
}

async function evaluate(aws: EmbeddedAws, alarm: Alarm, end: number): Promise<void> {
  const { settings } = alarm;
  const series = metricsOf(aws, alarm.account, alarm.region).series.get(alarm.key);
  const length = periodMs(settings);
  const periods = Array.from({ length: settings.EvaluationPeriods ?? 1 }, (_, back): Period => {
    const start = end - (back + 1) * length;
    return { start, value: statisticOf(series, settings.Statistic ?? "Average", start, start + length) };
  });
  const next = decideState(settings, periods);
  if (next === undefined || next === alarm.state) return;
  const reason =
    next === "INSUFFICIENT_DATA" ? insufficientReason(periods) : thresholdReason(settings, periods, alarm.state, next);
  await setState(aws, alarm, { value: next, reason });
}

/** Undefined: the state does not change (missing data are ignored). */
function decideState(settings: PutMetricAlarmInput, periods: readonly Period[]): StateValue | undefined {
  const { TreatMissingData = "missing", EvaluationPeriods = 1, DatapointsToAlarm = EvaluationPeriods } = settings;
  const missing = periods.filter(({ value }) => value === undefined).length;
  const breaching = periods.filter(({ value }) => value !== undefined && comparisonOf(settings).holds(value)).length;
  const counted = breaching + (TreatMissingData === "breaching" ? missing : 0);
  if (counted >= DatapointsToAlarm) return "ALARM";
  if (missing === periods.length && TreatMissingData === "missing") return "INSUFFICIENT_DATA";
  if (missing === periods.length && TreatMissingData === "ignore") return undefined;
  return "OK";
}

const periodMs = ({ Period: seconds = 60 }: PutMetricAlarmInput): number => seconds * 1_000;

/**
 * `Threshold Crossed: 1 out of the last 1 datapoints [1.0 (22/11/19 15:38:00)] was greater than the threshold (0.0)
 * ...`
 */
function thresholdReason(
  settings: PutMetricAlarmInput,
  periods: readonly Period[],
  previous: StateValue,
  next: StateValue,
): string {
  const { words, holds } = comparisonOf(settings);
  const { EvaluationPeriods = 1, DatapointsToAlarm = EvaluationPeriods, Threshold = 0 } = settings;
  const known = periods.filter((period) => period.value !== undefined);
  const fitting = known.filter(({ value }) => holds(value ?? 0) === (next === "ALARM"));
  if (fitting.length === 0) {
    const count = periods.length;
    return `Threshold Crossed: no datapoints were received for ${count} period${count === 1 ? "" : "s"} and ${count} missing datapoint${count === 1 ? " was" : "s were"} treated as [${next === "ALARM" ? "Breaching" : "NonBreaching"}].`;
  }
  const shown = fitting.map(({ start, value }) => `${decimal(value ?? 0)} (${shortTime(start)})`).join(", ");
  const verb = fitting.length === 1 ? "was" : "were";
  const relation = next === "ALARM" ? words : `not ${words}`;
  const needed = next === "ALARM" ? DatapointsToAlarm : EvaluationPeriods - DatapointsToAlarm + 1;
  return `Threshold Crossed: ${fitting.length} out of the last ${periods.length} datapoints [${shown}] ${verb} ${relation} the threshold (${decimal(Threshold)}) (minimum ${needed} datapoint${needed === 1 ? "" : "s"} for ${previous} -> ${next} transition).`;
}

function insufficientReason(periods: readonly Period[]): string {
  const count = periods.length;
  return `Insufficient Data: ${count} datapoint${count === 1 ? " was" : "s were"} unknown.`;
}

const decimal = (value: number): string => (Number.isInteger(value) ? value.toFixed(1) : String(value));

/** `22/11/19 15:38:00`: day, month, year. */
function shortTime(milliseconds: number): string {
  const iso = new Date(milliseconds).toISOString();
  return `${iso.slice(8, 10)}/${iso.slice(5, 7)}/${iso.slice(2, 4)} ${iso.slice(11, 19)}`;
}

interface Comparison {
  /** In CloudWatch's words: `greater than`. */
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

/** False for anomaly detection operators, which are not built. */
export const isComparison = (operator: ComparisonOperator | undefined): boolean =>
  operator !== undefined && operator in COMPARISONS;

function comparisonOf({ ComparisonOperator: operator, Threshold = 0 }: PutMetricAlarmInput) {
  const comparison = operator && COMPARISONS[operator];
  if (!comparison) throw new TypeError(`PutMetricAlarm let ${operator} in`);
  return { words: comparison.words, holds: (value: number): boolean => comparison.compare(value, Threshold) };
}
