import type { Trigger } from "../../events/build.ts";
import type { GateReason, Urgency } from "../../events/gate.ts";
import type { BuildArn } from "../../events/ids.ts";
import { buildVersion } from "../build/build-arn.ts";
import { sayWhy } from "../build/explain-triggers.ts";
import { type Evidence, type Finding, type Severity, severities } from "../evidence/evidence.ts";
import { MOST_ADVISORIES } from "../notice/notice.ts";

/** What is known about a build that would replace another one in a channel. */
export interface BuildChange {
  readonly image: string;
  readonly triggers: readonly Trigger[];
  /** The build that the channel points at; absent if none. */
  readonly previous?: BuildArn | undefined;
  readonly evidence?: Evidence | undefined;
  readonly evidenceBefore?: Evidence | undefined;
  readonly gate?: readonly GateReason[] | undefined;
  /** Why the build is urgent. */
  readonly urgent?: Urgency | undefined;
}

/** Findings and waivers that a notice names; further ones are counted. */
const MOST_NAMED = 10;

/** What changes for the channel's consumers, as lines for approvers. */
export const sayBuildChange = (change: BuildChange): string[] => [
  `Replaces: ${change.previous ? buildVersion(change.previous) : "no build"}`,
  ...sayWhy(change.image, change.triggers, MOST_ADVISORIES),
  ...sayPackages(change.evidence),
  ...sayFindings(change),
  ...sayGate(change.gate ?? []),
];

function sayPackages(evidence: Evidence | undefined): string[] {
  const packages = evidence?.packages;
  if (!packages) return [];
  const { changed, added, removed, examples } = packages;
  return [
    `Packages: ${changed} changed, ${added} added, ${removed} removed`,
    ...examples.map((example) => `  ${example}`),
  ];
}

function sayFindings({ evidence, evidenceBefore }: BuildChange): string[] {
  if (!evidence) return ["CVEs: unknown, no evidence is stored"];
  const found = compareFindings(evidence.cve, evidenceBefore?.cve);
  if (!found) return [`CVEs: unknown, the scan ended ${evidence.cve.scan}`];
  const counts = found.counts.map(({ severity, before, now }) =>
    before === undefined ? `${severity} ${now}` : `${severity} ${before} → ${now}`,
  );
  return [
    `CVEs: ${counts.join(", ")}`,
    ...named(
      "Closed",
      (found.closed ?? []).map(({ id, severity }) => `${id} (${severity})`),
    ),
    ...named("Open", found.left.map(sayFinding)),
  ];
}

const sayFinding = ({ id, severity, fixable }: Finding): string => `${id} (${severity}${fixable ? ", fixable" : ""})`;

function sayGate(reasons: readonly GateReason[]): string[] {
  const open = reasons.filter(({ passed }) => !passed);
  return [
    ...named("Waivers used", [...new Set(reasons.flatMap(({ waived = [] }) => waived))]),
    ...(open.length > 0 ? ["The gate requires your decision on:"] : []),
    ...open.map(({ rule, found, allowed }) => `  ${rule}: ${found}, ${allowed}`),
  ];
}

/** One line, or none if the list is empty. */
function named(what: string, all: readonly string[]): string[] {
  if (all.length === 0) return [];
  const rest = all.length - MOST_NAMED;
  return [`${what}: ${all.slice(0, MOST_NAMED).join(", ")}${rest > 0 ? `, and ${rest} more` : ""}`];
}

/** How CVE findings change when one build replaces another. Only severities that a gate can limit are compared. */
interface FindingsChange {
  /** Counts by severity, most severe first; `before` is absent without a completed scan to compare with. */
  readonly counts: readonly { readonly severity: Severity; readonly before?: number; readonly now: number }[];
  readonly left: readonly Finding[];
  /** Undefined if the build has more findings than the ledger keeps, or the previous one was not scanned. */
  readonly closed: readonly Finding[] | undefined;
}

type Cve = Evidence["cve"];

/** How many findings of a build the ledger keeps. */
const MOST_KEPT = 50;

/** @returns undefined if the build's own scan was not completed */
function compareFindings(now: Cve, before: Cve | undefined): FindingsChange | undefined {
  if (now.scan !== "COMPLETED") return undefined;
  const known = before?.scan === "COMPLETED" ? before : undefined;
  const there = new Set(now.findings.map(({ id }) => id));
  const closed = known?.findings.filter(({ id }) => !there.has(id)).filter(isLimited);
  return {
    counts: severities.map((severity) => ({
      severity,
      ...(known && { before: known.counts[severity].all }),
      now: now.counts[severity].all,
    })),
    left: now.findings.filter(isLimited),
    closed: now.findings.length < MOST_KEPT ? closed : undefined,
  };
}

const isLimited = ({ severity }: Finding): boolean => (severities as readonly string[]).includes(severity);
