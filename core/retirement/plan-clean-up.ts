import type { AmiId, BuildArn } from "../../events/ids.ts";
import { buildVersion } from "../build/build-arn.ts";

/** An AMI of the factory. */
export interface FoundAmi {
  readonly region: string;
  readonly amiId: AmiId;
  readonly createdAt: string;
  readonly snapshots: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  /** Whether deregistration protection is on. */
  readonly protected: boolean;
}

/** A snapshot with the factory's tag that no AMI of the account uses. */
export interface FoundSnapshot {
  readonly region: string;
  readonly snapshotId: string;
  readonly createdAt: string;
}

/** The build of an AMI. */
export interface Origin {
  readonly image: string;
  readonly build: BuildArn;
  /** Undefined: it may still be used. */
  readonly leftover: Leftover | undefined;
}

/** Tags on leftover AMIs: why they are removed, and the earliest time. */
export const marks = { why: "amint:leftover", after: "amint:remove-after" } as const;

export type CleanUpAct =
  | { readonly kind: "mark"; readonly ami: FoundAmi; readonly tags: Readonly<Record<string, string>> }
  /** It is in use again. */
  | { readonly kind: "unmark"; readonly ami: FoundAmi }
  /** With a cooldown, EC2 keeps the protection for another day after it is turned off. */
  | { readonly kind: "unprotect"; readonly ami: FoundAmi }
  | { readonly kind: "remove-ami"; readonly ami: FoundAmi; readonly origin: Origin | undefined; readonly why: string }
  | { readonly kind: "remove-snapshot"; readonly snapshot: FoundSnapshot; readonly why: string };

interface Asked {
  readonly factory: string;
  readonly now: Date;
  readonly keepSeconds: number;
  readonly amis: readonly FoundAmi[];
  readonly snapshots: readonly FoundSnapshot[];
  /** Undefined: the ledger has no build for it. */
  readonly originOf: (ami: FoundAmi) => Origin | undefined;
}

/**
 * Plans the removal of leftovers. An AMI is tagged first, so that users can see it, and removed by a later run: not before
 * it is old enough, and not before the time in its tag.
 */
export function planCleanUp({ factory, now, keepSeconds, amis, snapshots, originOf }: Asked): CleanUpAct[] {
  const end = (since: string): Date => new Date(Date.parse(since) + keepSeconds * 1000);
  return [
    ...amis.flatMap((ami): CleanUpAct[] => planAmi(ami, originOf(ami), { factory, now, end })),
    ...snapshots
      .filter(({ createdAt }) => end(createdAt) <= now)
      .map((snapshot): CleanUpAct => ({ kind: "remove-snapshot", snapshot, why: "no AMI uses it" })),
  ];
}

interface Times {
  readonly factory: string;
  readonly now: Date;
  readonly end: (since: string) => Date;
}

function planAmi(ami: FoundAmi, origin: Origin | undefined, { factory, now, end }: Times): CleanUpAct[] {
  const { tags, createdAt } = ami;
  const marked = tags[marks.after];
  const leftover = origin ? origin.leftover : { why: "the ledger has no build for it", since: createdAt };
  if (!leftover) return marked === undefined ? [] : [{ kind: "unmark", ami }];
  const { why, since } = leftover;
  const after = end(since > createdAt ? since : createdAt);
  if (marked === undefined || Date.parse(marked) < after.getTime()) {
    return [{ kind: "mark", ami, tags: toTags(factory, origin, why, after) }];
  }
  // A tag with a later time, or one that cannot be parsed, keeps it.
  if (!(Date.parse(marked) <= now.getTime())) return [];
  return ami.protected ? [{ kind: "unprotect", ami }] : [{ kind: "remove-ami", ami, origin, why }];
}

const toTags = (factory: string, origin: Origin | undefined, why: string, after: Date): Record<string, string> => ({
  "amint:factory": factory,
  ...(origin && { "amint:image": origin.image, "amint:build": buildVersion(origin.build) }),
  [marks.why]: why,
  [marks.after]: after.toISOString(),
});
/** The facts from the ledger and Step Functions that decide whether a build may still be used. */
export interface BuildFacts {
  readonly status: "building" | "available" | "failed" | "cancelled";
  readonly verdict: "passed" | "rejected" | undefined;
  /** Its promotion failed and was undone. */
  readonly undone: boolean;
  /** Its promotion is in progress: it is copied, soaks, or waits for approval. */
  readonly promoting: boolean;
  /** A channel points at it, or did once: it is not a leftover. */
  readonly promoted: boolean;
  /** The ledger records a share. */
  readonly shared: boolean;
  /** It is revoked and may be restored. */
  readonly revoked: boolean;
  /** It is the image's build in progress. */
  readonly claimed: boolean;
  /** When it ended, its gate decided, its promotion was undone, and so on; ISO 8601. */
  readonly moments: readonly string[];
}

/** A build that will not be used. */
export interface Leftover {
  readonly why: string;
  /** The time of its last event. */
  readonly since: string;
}

/** Why a build will not be used; undefined if it may be, or if that is unknown. */
export function whyLeftover(facts: BuildFacts): Leftover | undefined {
  const { claimed, promoting, promoted, shared, revoked } = facts;
  if (claimed || promoting || promoted || shared || revoked) return undefined;
  const why = sayWhy(facts);
  const since = facts.moments.toSorted().at(-1);
  return why && since ? { why, since } : undefined;
}

function sayWhy({ status, verdict, undone }: BuildFacts): string | undefined {
  switch (status) {
    case "building":
      return undefined;
    case "failed":
      return "its build failed";
    case "cancelled":
      return "its build was cancelled";
    case "available":
      if (verdict === "rejected") return "its gate rejected it";
      if (undone) return "its promotion failed";
      // Superseded, or not approved. Without a gate's verdict it is unknown.
      return verdict === "passed" ? "it never entered a channel" : undefined;
  }
}
