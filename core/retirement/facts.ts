import type { ArtifactId, BuildArn } from "../../events/ids.ts";
import type { Retention } from "../factory/image-schema.ts";

/**
 * The stages of a build's retirement. Each stage is recorded before its action. Pending retirement ("condemned") changes
 * nothing in EC2, but the build can no longer be promoted or rolled back to. Unsharing ("withdrawn") removes its launch
 * permissions: later usage reports stay true, because only the factory can launch it.
 */
export const stages = ["deprecated", "condemned", "withdrawn", "disabled", "deregistered"] as const;
export type Stage = (typeof stages)[number];

/** An EC2 usage report about an AMI. */
export interface ReportFacts {
  readonly id: string;
  /** When it was requested, not later than EC2 started to count; ISO 8601. */
  readonly askedAt: string;
  readonly found:
    | { readonly state: "pending" }
    | { readonly state: "missing"; readonly why: string }
    /** `users`: accounts and their use, in words; empty if it is unused. */
    | { readonly state: "complete"; readonly users: readonly string[] };
}

/** The result of a lookup, or why it failed. */
export type Lookup<Found> = { readonly found: Found } | { readonly failed: string };

/** An AMI as EC2 describes it. */
export interface AmiFacts {
  readonly state: string;
  readonly deprecated: boolean;
  /** Public: usage reports cannot cover all users. */
  readonly public: boolean;
  /** Deregistration protection, which must be removed first. */
  readonly protected: boolean;
  /** ISO 8601. Launches are reported a day late, and old ones not at all: absent does not mean unused. */
  readonly lastLaunchedAt?: string | undefined;
  /** The full size of its snapshots in GiB; they may take less space because of earlier snapshots. */
  readonly gib: number;
}

/** A build in one region. */
export interface RegionFacts {
  readonly region: string;
  readonly artifact: ArtifactId;
  /** `found` undefined: the AMI no longer exists. */
  readonly ami: Lookup<AmiFacts | undefined>;
  /** Oldest first. */
  readonly reports: readonly ReportFacts[];
  /** ARNs of resources in the factory's account that refer to it. */
  readonly references: Lookup<readonly string[]>;
  /** Launch permissions that were added again after the AMI was unshared. */
  readonly sharedAgain?: Lookup<readonly string[]> | undefined;
  /** The last stage that is done in this region, and when; ISO 8601. */
  readonly done?: { readonly stage: Stage; readonly at: string } | undefined;
}

/** The facts about a build from the ledger and Step Functions, without its AMIs. */
export interface LedgerFacts {
  readonly image: string;
  readonly build: BuildArn;
  readonly startedAt: string;
  readonly retention: Retention | undefined;
  /** It was in a channel once, or was revoked. Other builds are not retired, but cleaned up. */
  readonly published: boolean;
  /** How many newer builds of the image were in a channel. */
  readonly newer: number;
  /** Channels that point at it, in at least one region. */
  readonly channels: readonly string[];
  /** Channels that would roll back to it. */
  readonly backFor: readonly string[];
  /** Why roll-outs need it, in words: rings that name it, and groups that would be rolled back to it. */
  readonly rollouts: readonly string[];
  /** Its promotion is in progress: it is copied, soaks, or waits for approval. */
  readonly promoting: boolean;
  /** The channel for which its approval is pending. */
  readonly awaiting?: string | undefined;
  /** Builds based on it whose AMIs still exist. */
  readonly children: readonly BuildArn[];
  readonly hold?: { readonly until: string; readonly by: string; readonly reason: string } | undefined;
  /** Failures, revocations and restorations: the build is kept for a while as evidence. */
  readonly moments: readonly { readonly what: string; readonly at: string }[];
  /** The stage that started last, and when. */
  readonly stage?: { readonly stage: Stage; readonly at: string } | undefined;
  /** The revision of its retirement's record. */
  readonly revision?: number | undefined;
  /** Its launch permissions are being restored. */
  readonly givingBack?: boolean | undefined;
  /** It is revoked: only `amint restore` restores its permissions. */
  readonly revoked?: boolean | undefined;
  /** Retirement is complete in all regions. */
  readonly gone?: boolean | undefined;
}
