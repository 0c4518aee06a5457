import type { RefreshPreferences } from "@aws-sdk/client-auto-scaling";
import type { Call } from "../../../engine/operation.ts";
import { metricsOf } from "../../monitoring/state.ts";
import { reading } from "../readings.ts";
import { type Group, invalid, type Preferences } from "../state.ts";

/** API reference, RefreshPreferences; the console has other defaults. */
const USUAL = {
  MinHealthyPercentage: 90,
  MaxHealthyPercentage: 100,
  SkipMatching: false,
  AutoRollback: false,
  ScaleInProtectedInstances: "Wait",
  StandbyInstances: "Wait",
} as const;

/** The preferences with their defaults. @throws ValidationError */
export function preferencesOf(call: Call, group: Group, asked: RefreshPreferences = {}): Preferences {
  const given = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
  requireHealthy(asked);
  requireCheckpoints(asked);
  requireAlarms(call, asked);
  return {
    ...USUAL,
    InstanceWarmup: group.defaultWarmup ?? group.gracePeriod,
    ...(asked.MinHealthyPercentage === undefined && group.maintenance),
    ...given,
    ...(asked.CheckpointPercentages?.length && { CheckpointDelay: asked.CheckpointDelay ?? 3600 }),
  } as Preferences;
}

function requireHealthy({ MinHealthyPercentage: min, MaxHealthyPercentage: max }: RefreshPreferences): void {
  if (max === undefined) return;
  if (min === undefined) throw invalid("MinHealthyPercentage must be specified with MaxHealthyPercentage.");
  if (max - min > 100) {
    throw invalid("The difference between MaxHealthyPercentage and MinHealthyPercentage cannot be greater than 100.");
  }
}

function requireCheckpoints({ CheckpointPercentages: all = [], CheckpointDelay: delay }: RefreshPreferences): void {
  if (delay !== undefined && all.length === 0) {
    throw invalid("CheckpointPercentages must be specified with CheckpointDelay.");
  }
  const wrong = all.find((percent, index) => percent < 1 || percent > 100 || percent <= (all[index - 1] ?? 0));
  if (wrong !== undefined) {
    throw invalid(`CheckpointPercentages must be unique, ascending and from 1 to 100, not ${all.join(", ")}.`);
  }
}

function requireAlarms(call: Call, { AlarmSpecification }: RefreshPreferences): void {
  const { Alarms: names = [] } = AlarmSpecification ?? {};
  if (names.length > 10) throw invalid("AlarmSpecification takes at most 10 alarms.");
  const { alarms } = metricsOf(call.aws, call.account, call.region);
  const missing = names.find((name) => !alarms.has(name));
  if (missing !== undefined && reading(call.aws, "missingAlarm") === "refused") {
    // inferred, like the next one: AWS documents neither.
    throw invalid(`The alarm ${missing} does not exist in ${call.region}.`);
  }
  const raised = names.find((name) => alarms.get(name)?.state === "ALARM");
  if (raised !== undefined && reading(call.aws, "alarmAtStart") === "refused") {
    throw invalid(`The alarm ${raised} is in ALARM state.`);
  }
}
