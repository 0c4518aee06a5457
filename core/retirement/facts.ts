import type { ArtifactId, BuildArn } from "../../events/ids.ts";
import type { Retention } from "../factory/image-schema.ts";

/**
 * How far a build's retirement has come. Each stage is written down before its act; `condemned` changes nothing in EC2,
 * but from then on nobody promotes the build or takes a channel back to it. `withdrawn` takes its launch permissions: what
 * reports say from then on stays true, because nobody but the factory can launch it.
 */
export const stages = ["deprecated", "condemned", "withdrawn", "disabled", "deregistered"] as const;
export type Stage = (typeof stages)[number];

/** What EC2's report of who uses an AMI says, as far as it is there. */
export interface ReportFacts {
  readonly id: string;
  /** Not later than EC2 began to count; ISO 8601. */
  readonly askedAt: string;
  readonly found:
    | { readonly state: "pending" }
    | { readonly state: "missing"; readonly why: string }
    /** `users`: accounts and what they have of it, in words; none: nobody uses it. */
    | { readonly state: "complete"; readonly users: readonly string[] };
}

/** What could be read, or why it could not. */
export type Lookup<Found> = { readonly found: Found } | { readonly failed: string };

/** An AMI as EC2 describes it. */
export interface AmiFacts {
  readonly state: string;
  readonly deprecated: boolean;
  /** Everybody can launch it: then nobody can be asked. */
  readonly public: boolean;
  /** A protection from being deregistered, which has to be taken away before. */
  readonly protected: boolean;
  /** ISO 8601; launches are reported a day late, and old ones not at all: absent is not unused. */
  readonly lastLaunchedAt?: string | undefined;
  /** What was ever written to its snapshots, in GiB; beside older ones they may take less. */
  readonly gib: number;
}

/** A build in one region. */
export interface RegionFacts {
  readonly region: string;
  readonly artifact: ArtifactId;
  /** Found undefined: it is gone. */
  readonly ami: Lookup<AmiFacts | undefined>;
  /** The oldest first. */
  readonly reports: readonly ReportFacts[];
  /** What of the factory's account refers to it: ARNs. */
  readonly references: Lookup<readonly string[]>;
  /** Who can launch it although that was taken from all; of an AMI that is withdrawn. */
  readonly sharedAgain?: Lookup<readonly string[]> | undefined;
  /** The last stage that is done here, and when it was; ISO 8601. */
  readonly done?: { readonly stage: Stage; readonly at: string } | undefined;
}

/** What the ledger and Step Functions say of a build without a look at its AMIs. */
export interface LedgerFacts {
  readonly image: string;
  readonly build: BuildArn;
  readonly startedAt: string;
  readonly retention: Retention | undefined;
  /** It was in a channel once, or somebody revoked it; all else is not retired, but cleaned up. */
  readonly published: boolean;
  /** How many builds of the image that were in a channel are newer. */
  readonly newer: number;
  /** Channels that point at it, or have a region that does. */
  readonly channels: readonly string[];
  /** Channels that would go back to it. */
  readonly backFor: readonly string[];
  /** What of roll-outs needs it, in words: rings that name it, and what groups would be taken back to. */
  readonly rollouts: readonly string[];
  /** Its promotion runs: it is copied, soaks, or waits for people. */
  readonly promoting: boolean;
  /** The channel before which people are asked for it. */
  readonly awaiting?: string | undefined;
  /** Builds made from it whose AMIs are there still. */
  readonly children: readonly BuildArn[];
  readonly hold?: { readonly until: string; readonly by: string; readonly reason: string } | undefined;
  /** Failures, revocations and restorations: those who look after them need it for a while. */
  readonly moments: readonly { readonly what: string; readonly at: string }[];
  /** The stage that was begun last, and when. */
  readonly stage?: { readonly stage: Stage; readonly at: string } | undefined;
  /** Of what the ledger has of its retirement. */
  readonly revision?: number | undefined;
  /** It is being given back to those who could launch it. */
  readonly givingBack?: boolean | undefined;
  /** Nothing is given back of what somebody revoked; `amint restore` does that. */
  readonly revoked?: boolean | undefined;
  /** Retirement is through with it in all regions. */
  readonly gone?: boolean | undefined;
}
