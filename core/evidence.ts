import * as z from "zod";
import { packageDifference } from "../events/channel-moved.ts";

/** Severities of Amazon Inspector that a gate can limit, most severe first. */
export const severities = ["critical", "high", "medium"] as const;
export type Severity = (typeof severities)[number];

/** One CVE finding on a build's packages. */
const finding = z.object({
  id: z.string(),
  severity: z.string(),
  packages: z.array(z.string()),
  /** A newer version of every vulnerable package fixes it. */
  fixable: z.boolean(),
});
export type Finding = z.output<typeof finding>;

const severityCount = z.object({ all: z.int().min(0), fixable: z.int().min(0) });

/** What was found out about a build, as the ledger keeps it; the whole of it lies in the evidence bucket. */
export const evidence = z.object({
  collectedAt: z.iso.datetime(),
  /** One line per test workflow step that carried out components. */
  tests: z.array(z.object({ name: z.string(), status: z.string() })),
  cve: z.object({
    /** Image Builder's `scanState`; only COMPLETED makes the counts evidence. */
    scan: z.string(),
    counts: z.record(z.enum(severities), severityCount),
    /** The fifty most severe. */
    findings: z.array(finding).max(50),
  }),
  /** Against the build that the last channel points at; left out where there is none. */
  packages: packageDifference.optional(),
  packageCount: z.int().min(0),
  /** Where the whole of it lies in the evidence bucket. */
  key: z.string(),
});
export type Evidence = z.output<typeof evidence>;

const bySeverity = [...severities, "low", "informational", "untriaged"];
const rank = (severity: string): number => {
  const place = bySeverity.indexOf(severity);
  return place < 0 ? bySeverity.length : place;
};

/** Findings counted by severity, and the fifty most severe of them. */
export function summariseFindings(findings: readonly Finding[]): Pick<Evidence["cve"], "counts" | "findings"> {
  const count = (severity: Severity) => {
    const some = findings.filter((one) => one.severity === severity);
    return { all: some.length, fixable: some.filter((one) => one.fixable).length };
  };
  return {
    counts: { critical: count("critical"), high: count("high"), medium: count("medium") },
    findings: findings
      .toSorted((a, b) => rank(a.severity) - rank(b.severity) || Number(b.fixable) - Number(a.fixable))
      .slice(0, 50),
  };
}
