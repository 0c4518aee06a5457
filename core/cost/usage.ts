import type { BuildInstances } from "./instance-runs.ts";

/** An AMI of an image's build, as EC2 tells of it. */
export interface StoredAmi {
  /** Left out where its tag names no image. */
  readonly image: string | undefined;
  readonly region: string;
  readonly amiId: string;
  readonly createdAt: string;
  /** All that its snapshots hold, in GiB; undefined where EC2 does not say. */
  readonly gib: number | undefined;
}

/** A container image of an image's build in one of the factory's repositories. */
export interface StoredContainer {
  readonly image: string;
  readonly region: string;
  readonly repository: string;
  readonly pushedAt: string;
  /** Compressed, with all of its layers, in GiB. */
  readonly gib: number;
  /** It came from the build region; what lies in a channel's repository came from the same region's builds. */
  readonly copied: boolean;
}

/** The instances of a build; undefined where neither the ledger nor Image Builder knows of them. */
export interface BuildUsage {
  readonly image: string;
  readonly build: string;
  readonly instances: BuildInstances | undefined;
  /** The volume that its instances have, in GiB; undefined of an image that the config has no more. */
  readonly volumeGiB: number | undefined;
}

/** What the factory used in a month, counted. What is undefined was not counted, and `notCounted` says why. */
export interface Usage {
  /** Builds that ran within the month. */
  readonly builds: readonly BuildUsage[];
  /** Every AMI there is now, however old. */
  readonly amis: readonly StoredAmi[];
  /** Every container image there is now; left out where the factory makes none. */
  readonly containers?: readonly StoredContainer[];
  /** State transitions of promotions, by image. */
  readonly transitions: Readonly<Record<string, number>> | undefined;
  /** All functions together; what ran on each architecture. */
  readonly lambda: readonly LambdaUsage[] | undefined;
  /** Request units of the ledger's table. */
  readonly dynamodb: { readonly reads: number; readonly writes: number } | undefined;
  /** In sentences for people. */
  readonly notCounted: readonly string[];
}

export interface LambdaUsage {
  readonly architecture: "arm64" | "x86_64";
  readonly invocations: number;
  readonly gbSeconds: number;
}

/** Storage that a retirement plan would free: a month without it is what the plan saves. */
export interface FreedStorage {
  readonly image: string;
  readonly region: string;
  readonly gib: number;
}
