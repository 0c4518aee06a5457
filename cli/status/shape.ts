import type { BuildRecord } from "../../adapters/build/builds.ts";
import { buildVersion } from "../../core/build/build-arn.ts";
import type { ArtifactId, BuildArn } from "../../events/ids.ts";

/** What can be wrong. docs/status.md lists them; new kinds may be added. */
export const problemKinds = {
  "build-failed": "A build fails",
  "build-rejected": "A build fails",
  "breaker-open": "A build does not start",
  "feed-failed": "A build does not start",
  "parent-unresolved": "A build does not start",
  "support-ended": "Support ended",
  "promotion-failed": "A promotion failed",
  "promotion-stuck": "A promotion is stuck",
  "approval-missed": "Approvals",
  "region-behind": "Regions behind",
  "channel-empty": "Rollback and revocation",
  "channel-stale": "Alarms",
  "revocation-incomplete": "Rollback and revocation",
  "rollout-halted": "A roll-out halted",
  "rollout-waits": "A roll-out halted",
  "consumer-failed": "Drift",
  drift: "Drift",
  "export-failed": "An export failed",
  alarm: "Alarms",
  "dead-letters": "Dead letters",
} as const satisfies Readonly<Record<string, string>>;

export type ProblemKind = keyof typeof problemKinds;

/** What the reader can do with a line: the command, and what it is about. */
interface About {
  readonly image?: string | undefined;
  readonly channel?: string | undefined;
  readonly build?: BuildArn | undefined;
  readonly text: string;
}

export interface Problem extends About {
  readonly kind: ProblemKind;
  readonly region?: string | undefined;
  /** The consumer accounts in which it failed. */
  readonly accounts?: readonly string[] | undefined;
  /** ISO 8601, where it is known. */
  readonly since?: string | undefined;
  /** The command that fixes it or shows what to fix. */
  readonly command: string;
  /** The section of docs/operations.md. */
  readonly runbook: string;
}

/** A decision that is open, or something with an end that the reader may want to move. */
export interface Waiting extends About {
  readonly kind: "approval" | "rollout-halted" | "hold-ends" | "waiver-ends";
  /** Who can decide, where the config says so. */
  readonly who?: readonly string[] | undefined;
  /** ISO 8601; of holds and waivers the last day that counts. */
  readonly until?: string | undefined;
  readonly commands: readonly string[];
}

export type Mark = "revoked" | "deprecated" | "pending-retirement" | "retired";

/** What one region of a channel points at. */
export interface ChannelRow {
  readonly image: string;
  readonly channel: string;
  readonly region: string;
  /** Null where the region has no build. */
  readonly build: BuildArn | null;
  readonly artifact: ArtifactId | null;
  readonly version: string | null;
  /** Since the build was started. */
  readonly ageSeconds: number | null;
  /** Null where it points at the newest build that it could. */
  readonly behind: Behind | null;
  readonly marks: readonly Mark[];
  /** Why the region does not have the channel's build. */
  readonly why?: string | undefined;
}

export interface Behind {
  /** The channel before it; `builds` in a first channel: the image's builds that passed their gate. */
  readonly of: string;
  /** Builds between the two that could be promoted, the newest among them. */
  readonly builds: number;
  readonly version: string;
  /** Between the starts of the two builds. */
  readonly seconds: number;
}

export interface Work extends About {
  readonly kind: "build" | "promotion" | "rollout" | "revocation" | "export";
  readonly image: string;
  /** ISO 8601. */
  readonly since: string;
  /** In words, such as `TESTING` or `soaking in candidate`. */
  readonly state: string;
  /** ISO 8601, where its end is known. */
  readonly until?: string | undefined;
}

export interface Upcoming extends About {
  readonly kind: "schedule" | "parent-moves" | "trigger-waits" | "soak-ends" | "approval-expires";
  readonly image: string;
  /** ISO 8601; null where it waits for something without a date. */
  readonly at: string | null;
}

/** A part that could not be read. */
export interface Unread {
  readonly part: string;
  readonly why: string;
}

/** The whole of `amint status --json`. Keys may be added; none changes its meaning. */
export interface Status {
  readonly factory: string;
  /** ISO 8601; all ages count up to it. */
  readonly at: string;
  readonly problems: readonly Problem[];
  readonly waiting: readonly Waiting[];
  readonly channels: readonly ChannelRow[];
  readonly now: readonly Work[];
  readonly next: readonly Upcoming[];
  readonly unread: readonly Unread[];
}

/** A problem's section of the runbook follows from its kind. */
export const problem = (kind: ProblemKind, found: Omit<Problem, "kind" | "runbook">): Problem => ({
  kind,
  ...found,
  runbook: problemKinds[kind],
});

/** A build as commands take it. */
export const named = (image: string, { build }: Pick<BuildRecord, "build">): string =>
  `"${image} ${buildVersion(build)}"`;
