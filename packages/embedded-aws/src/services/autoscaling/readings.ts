import { defineState, type EmbeddedAws } from "../../engine/embedded-aws.ts";

/**
 * Behaviour of Auto Scaling that AWS does not document, or only in older documentation, and its possible readings. The
 * first reading of each applies unless a test sets another.
 */
export const AUTO_SCALING_READINGS = {
  /**
   * Groups whose template names its AMI by a parameter (user guide of 2023): desired configurations, skip matching and
   * mixed instances policies are refused or accepted.
   */
  parameterGroups: ["refused", "accepted"],
  /** What a scale-out during a refresh launches: the desired configuration, or the group's own. */
  scaleOutDuringRefresh: ["desired", "own"],
  /** The version of a group with `$Latest` or `$Default` after a refresh to a numbered version. */
  versionAfterRefresh: ["desired", "kept"],
  /** RollbackInstanceRefresh during bake time. */
  rollbackWhileBaking: ["accepted", "refused"],
  /** Whether alarms are watched during bake time. */
  alarmsWhileBaking: ["watched", "ignored"],
  /** An alarm that is in ALARM when the refresh starts. */
  alarmAtStart: ["fails", "refused", "ignored"],
  /** An alarm that does not exist. */
  missingAlarm: ["refused", "ignored"],
  /**
   * Whether StartInstanceRefresh checks the caller's permission to launch from the desired template, as an update does.
   */
  templateCheck: ["checked", "unchecked"],
  /** Whether a refresh with the strategy Rolling accepts an AMI in the overrides of its desired configuration. */
  overrideImages: ["rolling", "refused"],
  /**
   * Groups in which the minimum rounds up to the whole group: one instance terminates before its replacement starts, or
   * vice versa. A group of one always terminates its instance first.
   */
  smallGroups: ["terminate-first", "launch-first"],
  /** Whether a refresh also waits after its last checkpoint. */
  lastCheckpoint: ["no-delay", "delay"],
} as const;

type Name = keyof typeof AUTO_SCALING_READINGS;
export type AutoScalingReadings = { readonly [One in Name]: (typeof AUTO_SCALING_READINGS)[One][number] };

const taken = defineState("autoscaling.readings", (): { current: Partial<AutoScalingReadings> } => ({ current: {} }));

/** From now on Auto Scaling in all accounts behaves as these readings say; omitted ones keep their defaults. */
export function readAutoScaling(aws: EmbeddedAws, readings: Partial<AutoScalingReadings>): void {
  aws.state(taken, "", "").current = readings;
}

export const reading = <One extends Name>(aws: EmbeddedAws, name: One): AutoScalingReadings[One] =>
  (aws.state(taken, "", "").current[name] ?? AUTO_SCALING_READINGS[name][0]) as AutoScalingReadings[One];
