import type { AmiId, BuildArn } from "../../events/ids.ts";
import { buildVersion } from "../build/build-arn.ts";

/** An AMI of the factory. */
export interface FoundAmi {
  readonly region: string;
  readonly amiId: AmiId;
  readonly createdAt: string;
  readonly snapshots: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  /** From being deregistered. */
  readonly protected: boolean;
}

/** A snapshot that bears the factory's tag and that no AMI of the account stands on. */
export interface FoundSnapshot {
  readonly region: string;
  readonly snapshotId: string;
  readonly createdAt: string;
}

/** Whose an AMI is. */
export interface Origin {
  readonly image: string;
  readonly build: BuildArn;
  /** Undefined: somebody may use it still. */
  readonly leftover: Leftover | undefined;
}

/** On what is to be removed: why, and not before when. */
export const marks = { why: "amint:leftover", after: "amint:remove-after" } as const;

export type CleanUpAct =
  | { readonly kind: "mark"; readonly ami: FoundAmi; readonly tags: Readonly<Record<string, string>> }
  /** Somebody wants it after all. */
  | { readonly kind: "unmark"; readonly ami: FoundAmi }
  /** With a cooldown EC2 makes whoever takes the protection away wait for a day. */
  | { readonly kind: "unprotect"; readonly ami: FoundAmi }
  | { readonly kind: "remove-ami"; readonly ami: FoundAmi; readonly origin: Origin | undefined; readonly why: string }
  | { readonly kind: "remove-snapshot"; readonly snapshot: FoundSnapshot; readonly why: string };

interface Asked {
  readonly factory: string;
  readonly now: Date;
  readonly keepSeconds: number;
  readonly amis: readonly FoundAmi[];
  readonly snapshots: readonly FoundSnapshot[];
  /** Undefined: the ledger knows no build that it could be of. */
  readonly originOf: (ami: FoundAmi) => Origin | undefined;
}

/**
 * What is to be done about what nobody will use. An AMI is marked first, for people to see, and removed by a later run:
 * not before it is old enough, nor before the day that its mark names.
 */
export function planCleanUp({ factory, now, keepSeconds, amis, snapshots, originOf }: Asked): CleanUpAct[] {
  const end = (since: string): Date => new Date(Date.parse(since) + keepSeconds * 1000);
  return [
    ...amis.flatMap((ami): CleanUpAct[] => planAmi(ami, originOf(ami), { factory, now, end })),
    ...snapshots
      .filter(({ createdAt }) => end(createdAt) <= now)
      .map((snapshot): CleanUpAct => ({ kind: "remove-snapshot", snapshot, why: "no AMI stands on it" })),
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
  const leftover = origin ? origin.leftover : { why: "the ledger knows no build that it is of", since: createdAt };
  if (!leftover) return marked === undefined ? [] : [{ kind: "unmark", ami }];
  const { why, since } = leftover;
  const after = end(since > createdAt ? since : createdAt);
  if (marked === undefined || Date.parse(marked) < after.getTime()) {
    return [{ kind: "mark", ami, tags: toTags(factory, origin, why, after) }];
  }
  // A mark that somebody moved to a later day, or that nobody can read, keeps it.
  if (!(Date.parse(marked) <= now.getTime())) return [];
  return ami.protected ? [{ kind: "unprotect", ami }] : [{ kind: "remove-ami", ami, origin, why }];
}

const toTags = (factory: string, origin: Origin | undefined, why: string, after: Date): Record<string, string> => ({
  "amint:factory": factory,
  ...(origin && { "amint:image": origin.image, "amint:build": buildVersion(origin.build) }),
  [marks.why]: why,
  [marks.after]: after.toISOString(),
});
/** What the ledger and Step Functions say of a build, as far as somebody may want it still. */
export interface BuildFacts {
  readonly status: "building" | "available" | "failed" | "cancelled";
  readonly verdict: "passed" | "rejected" | undefined;
  /** Its promotion failed, and was taken back. */
  readonly undone: boolean;
  /** Its promotion runs: it is copied, soaks, or waits for people. */
  readonly promoting: boolean;
  /** A channel points at it, or did once: that is not a leftover, but somebody's image. */
  readonly promoted: boolean;
  /** The ledger says that it is shared with somebody. */
  readonly shared: boolean;
  /** Who revoked it may restore it. */
  readonly revoked: boolean;
  /** The image is being built by it. */
  readonly claimed: boolean;
  /** When it ended, when its gate decided, when its promotion was undone, ...; ISO 8601. */
  readonly moments: readonly string[];
}

/** A build that nobody will use. */
export interface Leftover {
  readonly why: string;
  /** The last thing that happened to it. */
  readonly since: string;
}

/** Why nobody will use a build; undefined where somebody may, and where it is not known. */
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
      // Superseded, or not approved. Where no gate decided, nobody knows.
      return verdict === "passed" ? "it entered no channel" : undefined;
  }
}
