import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { defineState } from "../../engine/state.ts";

/**
 * What AWS does not document about Auto Scaling, or what only older documentation says, and how it can be read. The
 * first reading of each is the one that holds unless a test takes another.
 */
export const AUTO_SCALING_READINGS = {
  /** Groups whose template names its AMI by a parameter (user guide of 2023): a desired configuration, skip matching and a mixed instances policy are refused, or accepted. */
  parameterGroups: ["refused", "accepted"],
  /** What a scale-out during a refresh launches: by the desired configuration, or by the group's own. */
  scaleOutDuringRefresh: ["desired", "own"],
  /** What a group that said `$Latest` or `$Default` says after a refresh to a numbered version. */
  versionAfterRefresh: ["desired", "kept"],
  /** RollbackInstanceRefresh while a refresh bakes. */
  rollbackWhileBaking: ["accepted", "refused"],
  /** Whether alarms are watched while a refresh bakes. */
  alarmsWhileBaking: ["watched", "ignored"],
  /** An alarm that is in ALARM when the refresh starts. */
  alarmAtStart: ["fails", "refused", "ignored"],
  /** An alarm that does not exist. */
  missingAlarm: ["refused", "ignored"],
  /** Whether StartInstanceRefresh checks that the caller may launch by the desired template, as an update does. */
  templateCheck: ["checked", "unchecked"],
  /** Whether a refresh of the strategy Rolling takes an AMI from the overrides of its desired configuration. */
  overrideImages: ["rolling", "refused"],
  /** Groups in which the minimum rounds up to the whole group: one instance ends before its replacement starts, or the other way around. A group of one always ends its instance first. */
  smallGroups: ["terminate-first", "launch-first"],
  /** Whether a refresh waits after its last checkpoint, too. */
  lastCheckpoint: ["no-delay", "delay"],
} as const;

type Name = keyof typeof AUTO_SCALING_READINGS;
export type AutoScalingReadings = { readonly [One in Name]: (typeof AUTO_SCALING_READINGS)[One][number] };

const taken = defineState("autoscaling.readings", (): { current: Partial<AutoScalingReadings> } => ({ current: {} }));

/** From now on Auto Scaling of all accounts does what these readings say; those left out are as usual. */
export function readAutoScaling(aws: EmbeddedAws, readings: Partial<AutoScalingReadings>): void {
  aws.state(taken, "", "").current = readings;
}

export const reading = <One extends Name>(aws: EmbeddedAws, name: One): AutoScalingReadings[One] =>
  (aws.state(taken, "", "").current[name] ?? AUTO_SCALING_READINGS[name][0]) as AutoScalingReadings[One];
