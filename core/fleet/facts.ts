import type { AmiId, BuildArn } from "../../events/ids.ts";

/** One account's use of an AMI, as counted by EC2. */
export interface FleetUse {
  readonly account: string;
  readonly instances: number;
  readonly launchTemplates: number;
}

/** What is known about the use of an AMI. Unknown does not mean unused. */
export type KnownUses =
  /** `asOf`: when the report was requested, in ISO 8601. It may miss the last day (instances) or days (launch templates). */
  | { readonly state: "reported"; readonly asOf: string; readonly uses: readonly FleetUse[] }
  | { readonly state: "unknown"; readonly why: string };

/** A build's AMI in one region. */
export interface FleetPlace {
  readonly region: string;
  readonly amiId: AmiId;
  readonly known: KnownUses;
  /** EC2 did not answer: a retry may succeed. */
  readonly unread?: boolean | undefined;
  /** Since when EC2 has been preparing a (newer) report; ISO 8601. */
  readonly pendingSince?: string | undefined;
  /** Why a newer report failed. */
  readonly newerFailed?: string | undefined;
  /** When the AMI is deprecated: EC2 then hides it from other accounts' lists. ISO 8601. */
  readonly deprecatedFrom?: string | undefined;
}

/** A build that was shared at some time and whose AMIs exist. */
export interface FleetBuild {
  readonly image: string;
  readonly build: BuildArn;
  /** The start of its age; ISO 8601. */
  readonly startedAt: string;
  readonly revoked?: { readonly at: string; readonly reason: string } | undefined;
  /** Retirement has deprecated or disabled it. */
  readonly retiring?: boolean | undefined;
  readonly places: readonly FleetPlace[];
}

/** A channel of an image. */
export interface FleetChannel {
  readonly image: string;
  readonly channel: string;
  /** The build that it points at, and when that started. */
  readonly build: BuildArn;
  readonly startedAt: string;
  /** Builds of regions that are behind, by region. */
  readonly kept: Readonly<Record<string, BuildArn>>;
  /** The start times of all builds that it ever pointed at, each build once; ISO 8601. */
  readonly started: readonly string[];
}
