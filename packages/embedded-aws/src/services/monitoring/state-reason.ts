import type { PutMetricAlarmInput, StateValue } from "@aws-sdk/client-cloudwatch";
import { comparisonOf } from "./threshold.ts";

interface Period {
  readonly start: number;
  readonly value: number | undefined;
}

/** `Threshold Crossed: 1 out of the last 1 datapoints [1.0 (22/11/19 15:38:00)] was greater than the threshold (0.0) ...` */
export function thresholdReason(
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

export function insufficientReason(periods: readonly Period[]): string {
  const count = periods.length;
  return `Insufficient Data: ${count} datapoint${count === 1 ? " was" : "s were"} unknown.`;
}

const decimal = (value: number): string => (Number.isInteger(value) ? value.toFixed(1) : String(value));

/** `22/11/19 15:38:00`: day, month, year. */
function shortTime(milliseconds: number): string {
  const iso = new Date(milliseconds).toISOString();
  return `${iso.slice(8, 10)}/${iso.slice(5, 7)}/${iso.slice(2, 4)} ${iso.slice(11, 19)}`;
}
