import { defineState } from "../../../engine/state.ts";

/** What a report can count (EC2 API reference, ImageUsageResourceTypeRequest). */
export const COUNTED = ["ec2:Instance", "ec2:LaunchTemplate"] as const;
export type Counted = (typeof COUNTED)[number];

/** One account's use of an image. */
export interface UsageEntry {
  readonly account: string;
  readonly type: Counted;
  readonly count: number;
}

export interface UsageReport {
  readonly id: string;
  readonly imageId: string;
  readonly types: readonly Counted[];
  /** Launch template versions that are looked at, newest first. */
  readonly versionDepth: number;
  /** Those that were asked for; empty: all. */
  readonly accounts: readonly string[];
  readonly createdAt: number;
  state: "pending" | "available" | "error";
  /** Of an `error`. */
  stateReason: string | undefined;
  entries: readonly UsageEntry[];
}

interface ReportsState {
  /** By id, oldest first. */
  readonly reports: Map<string, UsageReport>;
  /** The report that a client token made. */
  readonly tokens: Map<string, string>;
}

export const reportsState = defineState<ReportsState>("ec2.usage-reports", () => ({
  reports: new Map(),
  tokens: new Map(),
}));

const DAY_MS = 86_400_000;

/** EC2 deletes a report 30 days after it was created (EC2 user guide, "View your AMI usage"). */
export const KEPT_MS = 30 * DAY_MS;
