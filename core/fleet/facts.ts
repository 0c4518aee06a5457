import type { AmiId, BuildArn } from "../../events/ids.ts";

/** What one account has of an AMI, as EC2 counts it. */
export interface FleetUse {
  readonly account: string;
  readonly instances: number;
  readonly launchTemplates: number;
}

/** What is known of who uses an AMI. Nothing known is not nobody. */
export type KnownUses =
  /** `asOf`: when EC2 was asked; it may miss the day before (instances) or some days (launch templates). ISO 8601. */
  | { readonly state: "reported"; readonly asOf: string; readonly uses: readonly FleetUse[] }
  | { readonly state: "unknown"; readonly why: string };

/** A build's AMI in one region. */
export interface FleetPlace {
  readonly region: string;
  readonly amiId: AmiId;
  readonly known: KnownUses;
  /** EC2 did not answer: another look may tell. */
  readonly unread?: boolean | undefined;
  /** EC2 prepares a (newer) report since then; ISO 8601. */
  readonly pendingSince?: string | undefined;
  /** Why a report that was asked for since says nothing. */
  readonly newerFailed?: string | undefined;
  /** From when EC2 leaves it out of others' lists; ISO 8601. */
  readonly deprecatedFrom?: string | undefined;
}

/** A build that others could launch at some time, and whose AMIs are there. */
export interface FleetBuild {
  readonly image: string;
  readonly build: BuildArn;
  /** Its age counts from then; ISO 8601. */
  readonly startedAt: string;
  readonly revoked?: { readonly at: string; readonly reason: string } | undefined;
  /** Retirement has deprecated it, or went further. */
  readonly retiring?: boolean | undefined;
  readonly places: readonly FleetPlace[];
}

/** A channel of an image. */
export interface FleetChannel {
  readonly image: string;
  readonly channel: string;
  /** The build that it points at, and when that was started. */
  readonly build: BuildArn;
  readonly startedAt: string;
  /** Builds that regions behind keep; by region. */
  readonly kept: Readonly<Record<string, BuildArn>>;
  /** When the builds were started that it ever pointed at: ISO 8601, each build once. */
  readonly started: readonly string[];
}
