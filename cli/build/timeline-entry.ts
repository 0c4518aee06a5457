/** What happened to a build. docs/status.md lists the kinds. */
export const timelineKinds = [
  "trigger",
  "build",
  "test",
  "gate",
  "rule",
  "waiver",
  "approval",
  "copy",
  "share",
  "verification",
  "channel",
  "promotion",
  "rollout",
  "revocation",
  "hold",
  "retirement",
  "export",
] as const;

type TimelineKind = (typeof timelineKinds)[number];

export interface TimelineEntry {
  /** ISO 8601; null where the ledger keeps no time: the entry is in its place all the same. */
  readonly at: string | null;
  readonly kind: TimelineKind;
  readonly text: string;
  /** Who did it, and why, where a person or a role did. */
  readonly by?: string | undefined;
  readonly reason?: string | undefined;
  readonly channel?: string | undefined;
  readonly region?: string | undefined;
}

/** An entry with the time by which it is sorted; `at` is left out where that is only its place. */
export interface Placed extends Omit<TimelineEntry, "at"> {
  readonly at?: string | undefined;
  readonly place?: string | undefined;
}
