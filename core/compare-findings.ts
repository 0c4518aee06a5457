import { type Evidence, type Finding, type Severity, severities } from "./evidence.ts";

/** What changes about CVEs when one build takes another's place. Only severities that a gate can limit are looked at. */
export interface FindingsChange {
  /** How many there were and are, most severe first; without `before` there was no completed scan to compare with. */
  readonly counts: readonly { readonly severity: Severity; readonly before?: number; readonly now: number }[];
  readonly left: readonly Finding[];
  /** Undefined where more findings are left than the ledger keeps, or nothing was scanned before: it cannot be said. */
  readonly closed: readonly Finding[] | undefined;
}

type Cve = Evidence["cve"];

/** The ledger keeps that many findings of a build. */
const MOST_KEPT = 50;

/** @returns undefined where the build's own scan was not completed: that says nothing about findings */
export function compareFindings(now: Cve, before: Cve | undefined): FindingsChange | undefined {
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
