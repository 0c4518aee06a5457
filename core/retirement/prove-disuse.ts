import type { RegionFacts, ReportFacts } from "./facts.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * EC2's reports may miss what instances did within 24 hours, and launch templates within "the past few days" (EC2 user
 * guide, "View your AMI usage"): the second report is asked for so much after the first that it sees all that the first
 * could not.
 */
const APART_MS = 4 * DAY_MS;
/** While others can launch the AMI, what a report says gets old. */
const FRESH_MS = 7 * DAY_MS;
/** EC2 prepares a report within minutes to hours; one that is pending for longer is given up. */
const PENDING_MS = 2 * DAY_MS;
/** Whoever launched it lately may do so again. */
const LATELY_MS = 14 * DAY_MS;
const MOST_NAMED = 3;

/** That nobody uses an AMI in a region, and by what it was seen; kept in the ledger with each act. */
export interface Proof {
  readonly region: string;
  /** Usage reports over all accounts, the older one first. */
  readonly reports: readonly { readonly id: string; readonly askedAt: string }[];
  readonly lastLaunchedAt?: string | undefined;
}

export type Disuse =
  | { readonly kind: "proved"; readonly proof: Proof }
  /** Somebody uses it. */
  | { readonly kind: "used"; readonly reasons: readonly string[] }
  /** Nobody knows: that counts as used, and may be known another day. */
  | { readonly kind: "unproved"; readonly reasons: readonly string[] };

/**
 * Whether nobody uses a build's AMI in a region. What is missing, partial, denied or late proves nothing.
 * @param since nobody but the factory could launch it from then on; undefined: others can still
 * @param forGood whether a use no longer gives it back, as with a revoked build: a launch then counts as a use for 14 days
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
  if ("failed" in ami) return unproved(region, `the AMI could not be looked at (${ami.failed})`);
  // Who runs it goes on; there is nothing left to take from them.
  if (ami.found === undefined) return { kind: "proved", proof: { region, reports: [] } };
  if ("failed" in references) return unproved(region, `references were not told (${references.failed})`);
  if (sharedAgain && "failed" in sharedAgain) {
    return unproved(region, `who can launch it was not told (${sharedAgain.failed})`);
  }
  const clean = cleanReports(facts.reports, since);
  if (typeof clean === "string") return unproved(region, clean);
  const [, last] = clean;
  if (since === undefined && now.getTime() - Date.parse(last.askedAt) > FRESH_MS) {
    return unproved(region, `the last usage report is of ${last.askedAt.slice(0, 10)}, which is too long ago`);
  }
  const { lastLaunchedAt } = ami.found;
  const reports = clean.map(({ id, askedAt }) => ({ id, askedAt }));
  return { kind: "proved", proof: { region, reports, ...(lastLaunchedAt && { lastLaunchedAt }) } };
}

const unproved = (region: string, why: string): Disuse => ({ kind: "unproved", reasons: [`${region}: ${why}`] });

/** @param quietFrom milliseconds since the epoch; a launch after that is a use */
function findUses({ ami, references, reports, sharedAgain }: RegionFacts, quietFrom: number): string[] {
  const uses: string[] = [];
  const last = reports.findLast(({ found }) => found.state === "complete");
  if (last?.found.state === "complete" && last.found.users.length > 0) {
    uses.push(`${named(last.found.users)} (usage report of ${last.askedAt.slice(0, 10)})`);
  }
  if ("found" in references && references.found.length > 0) uses.push(`${named(references.found)} refers to it`);
  if (sharedAgain && "found" in sharedAgain && sharedAgain.found.length > 0) {
    uses.push(`somebody shared it with ${named(sharedAgain.found)} after it was taken from all`);
  }
  if (!("found" in ami) || !ami.found) return uses;
  const { public: isPublic, lastLaunchedAt } = ami.found;
  if (isPublic) uses.push("everybody can launch it");
  if (lastLaunchedAt !== undefined && Date.parse(lastLaunchedAt) > quietFrom) {
    uses.push(`it was launched on ${lastLaunchedAt.slice(0, 10)}`);
  }
  return uses;
}

/** Two complete reports that nobody is in, long enough apart, with nothing else between; or why there are none. */
function cleanReports(
  reports: readonly ReportFacts[],
  since: string | undefined,
): readonly [ReportFacts, ReportFacts] | string {
  // What a report of before says was true before.
  const counted = since === undefined ? reports : reports.filter(({ askedAt }) => askedAt > since);
  const last = counted.at(-1);
  if (!last) return "no usage report yet";
  if (last.found.state === "pending") {
    const before = counted.at(-2)?.found;
    const failed = before?.state === "missing" ? `, and of the one before nothing came (${before.why})` : "";
    return `EC2 prepares a usage report since ${last.askedAt.slice(0, 10)}${failed}`;
  }
  if (last.found.state === "missing") return `no usage report (${last.found.why})`;
  const unclean = counted.findLastIndex(({ found }) => found.state !== "complete" || found.users.length > 0);
  const before = Date.parse(last.askedAt) - APART_MS;
  const first = counted.findLast(({ askedAt }, nth) => nth > unclean && Date.parse(askedAt) <= before);
  return first ? [first, last] : `one usage report says that nobody uses it; the second is asked for 4 days after it`;
}

/**
 * Whether EC2 is to be asked for another report of an AMI: no more often than the two of a proof are apart, unless the
 * last one came to nothing.
 * @param since as of `proveDisuse`: the first report after that is asked for at once
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
