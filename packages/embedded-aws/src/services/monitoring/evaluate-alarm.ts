import type { PutMetricAlarmInput, StateValue } from "@aws-sdk/client-cloudwatch";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { notify } from "./notify.ts";
import { type Alarm, metricsOf } from "./state.ts";
import { insufficientReason, thresholdReason } from "./state-reason.ts";
import { statisticOf } from "./statistics.ts";
import { comparisonOf } from "./threshold.ts";

interface Period {
  readonly start: number;
  /** Undefined: nothing was recorded. */
  readonly value: number | undefined;
}

/** Evaluates an alarm when its current period ends, and as often after it as its state may still change. */
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

/** Ends an alarm's timer. */
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
  const previous = { value: alarm.state, reason: alarm.stateReason, since: alarm.stateChangedAt };
  alarm.state = next;
  alarm.stateChangedAt = aws.clock.now();
  alarm.stateReason =
    next === "INSUFFICIENT_DATA"
      ? insufficientReason(periods)
      : thresholdReason(settings, periods, previous.value, next);
  alarm.announce(alarm, previous);
  await notify(aws, alarm, previous.value);
}

/** Undefined: the state stays as it is (missing data are ignored). */
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
