import type { RegionFacts, ReportFacts } from "./facts.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * EC2's reports may miss instances of the last 24 hours, and launch templates of "the past few days" (EC2 user guide, "View
 * your AMI usage"): the second report is requested this long after the first, so that it includes everything that the first
 * missed.
 */
const APART_MS = 4 * DAY_MS;
/** While others can launch the AMI, a report is valid for this time. */
const FRESH_MS = 7 * DAY_MS;
/** EC2 prepares a report within minutes to hours; one that is pending for longer is abandoned. */
const PENDING_MS = 2 * DAY_MS;
/** A launch within this time counts as use. */
const LATELY_MS = 14 * DAY_MS;
const MOST_NAMED = 3;

/** The proof that an AMI is unused in a region. The ledger keeps it with each step. */
export interface Proof {
  readonly region: string;
  /** Usage reports for all accounts, older one first. */
  readonly reports: readonly { readonly id: string; readonly askedAt: string }[];
  readonly lastLaunchedAt?: string | undefined;
}

export type Disuse =
  | { readonly kind: "proved"; readonly proof: Proof }
  /** It is in use. */
  | { readonly kind: "used"; readonly reasons: readonly string[] }
  /** Unknown: it counts as used, and a later run may find out. */
  | { readonly kind: "unproved"; readonly reasons: readonly string[] };

/**
 * Decides whether a build's AMI is unused in a region. Missing, partial, denied or late data proves nothing.
 * @param since since when only the factory can launch it; undefined while others can
 * @param forGood whether a use does not restore its permissions, as for a revoked build: a launch then counts as use for 14 days
 */
export function proveDisuse(
  facts: RegionFacts,
  { since, forGood, now }: { since: string | undefined; forGood: boolean; now: Date },
): Disuse {
  const { region, ami, references, sharedAgain } = facts;
  const lately = now.getTime() - LATELY_MS;
  const closed = since === undefined ? lately : Date.parse(since);
  const used = findUses(facts, forGood ? Math.max(closed, lately) : closed);
  if (used.length > 0) return { kind: "used", reasons: used.map((use) => `${region}: ${use}`) };
  if ("failed" in ami) return unproved(region, `the AMI could not be read (${ami.failed})`);
  // The AMI no longer exists: running instances are not affected.
  if (ami.found === undefined) return { kind: "proved", proof: { region, reports: [] } };
  if ("failed" in references) return unproved(region, `references to it could not be read (${references.failed})`);
  if (sharedAgain && "failed" in sharedAgain) {
    return unproved(region, `its launch permissions could not be read (${sharedAgain.failed})`);
  }
  const clean = cleanReports(facts.reports, since);
  if (typeof clean === "string") return unproved(region, clean);
  const [, last] = clean;
  if (since === undefined && now.getTime() - Date.parse(last.askedAt) > FRESH_MS) {
    return unproved(region, `the last usage report, of ${last.askedAt.slice(0, 10)}, is too old`);
  }
  const { lastLaunchedAt } = ami.found;
  const reports = clean.map(({ id, askedAt }) => ({ id, askedAt }));
  return { kind: "proved", proof: { region, reports, ...(lastLaunchedAt && { lastLaunchedAt }) } };
}

const unproved = (region: string, why: string): Disuse => ({ kind: "unproved", reasons: [`${region}: ${why}`] });

/** @param quietFrom milliseconds since the epoch; a launch after that counts as use */
function findUses({ ami, references, reports, sharedAgain }: RegionFacts, quietFrom: number): string[] {
  const uses: string[] = [];
  const last = reports.findLast(({ found }) => found.state === "complete");
  if (last?.found.state === "complete" && last.found.users.length > 0) {
    uses.push(`${named(last.found.users)} (usage report of ${last.askedAt.slice(0, 10)})`);
  }
  if ("found" in references && references.found.length > 0) uses.push(`${named(references.found)} refers to it`);
  if (sharedAgain && "found" in sharedAgain && sharedAgain.found.length > 0) {
    uses.push(`it was shared with ${named(sharedAgain.found)} after Amint unshared it`);
  }
  if (!("found" in ami) || !ami.found) return uses;
  const { public: isPublic, lastLaunchedAt } = ami.found;
  if (isPublic) uses.push("it is public");
  if (lastLaunchedAt !== undefined && Date.parse(lastLaunchedAt) > quietFrom) {
    uses.push(`it was launched on ${lastLaunchedAt.slice(0, 10)}`);
  }
  return uses;
}

/** Two complete reports without users, far enough apart and with no other reports between; or why they do not exist. */
function cleanReports(
  reports: readonly ReportFacts[],
  since: string | undefined,
): readonly [ReportFacts, ReportFacts] | string {
  // Earlier reports do not prove anything about later use.
  const counted = since === undefined ? reports : reports.filter(({ askedAt }) => askedAt > since);
  const last = counted.at(-1);
  if (!last) return "no usage report yet";
  if (last.found.state === "pending") {
    const before = counted.at(-2)?.found;
    const failed = before?.state === "missing" ? `; the previous one failed (${before.why})` : "";
    return `EC2 has been preparing a usage report since ${last.askedAt.slice(0, 10)}${failed}`;
  }
  if (last.found.state === "missing") return `no usage report (${last.found.why})`;
  const unclean = counted.findLastIndex(({ found }) => found.state !== "complete" || found.users.length > 0);
  const before = Date.parse(last.askedAt) - APART_MS;
  const first = counted.findLast(({ askedAt }, nth) => nth > unclean && Date.parse(askedAt) <= before);
  return first ? [first, last] : `one usage report shows no use; a second one follows 4 days later`;
}

/**
 * Whether to request another report about an AMI: no more often than the interval between the two reports of a proof, unless
 * the last one failed.
 * @param since as in `proveDisuse`: the first report after that is requested immediately
 */
export function wantsReport(reports: readonly ReportFacts[], since: string | undefined, now: Date): boolean {
  const last = reports.at(-1);
  if (!last) return true;
  const age = now.getTime() - Date.parse(last.askedAt);
  if (last.found.state === "pending") return age >= PENDING_MS;
  if (last.found.state === "missing") return age >= 12 * HOUR_MS;
  return age >= APART_MS || (since !== undefined && last.askedAt <= since);
}

const named = (some: readonly string[]): string =>
  some.length > MOST_NAMED
    ? `${some.slice(0, MOST_NAMED).join(", ")} and ${some.length - MOST_NAMED} more`
    : some.join(", ");
