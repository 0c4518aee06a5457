import * as z from "zod";
import { packageDifference } from "../../events/channel.ts";
import { componentTest } from "../../events/evidence.ts";
import { amiId, buildArn } from "../../events/ids.ts";
import { cisResult } from "./cis.ts";
import { manifest } from "./manifest.ts";

/** Severities of Amazon Inspector that a gate can limit, most severe first. */
export const severities = ["critical", "high", "medium"] as const;
export type Severity = (typeof severities)[number];

/** One CVE finding on a build's packages. */
const finding = z.object({
  id: z.string(),
  severity: z.string(),
  packages: z.array(z.string()),
  /** A newer version of every vulnerable package fixes it, and the image can have it: it does not take Ubuntu Pro, or has it. */
  fixable: z.boolean(),
  /** Amazon Inspector's, from 0 to 10; not every finding has one. */
  score: z.number().optional(),
  /** It is exploited, as CISA's catalog says; marked only where the gate counts that. */
  exploited: z.literal(true).optional(),
});
export type Finding = z.output<typeof finding>;

const severityCount = z.object({ all: z.int().min(0), fixable: z.int().min(0) });

/** How many findings are exploited, as CISA said in its catalog of a time. */
const knownExploited = severityCount.extend({ listed: z.iso.datetime() });
export type KnownExploited = z.output<typeof knownExploited>;

const pieces = ["tests", "cve", "cis", "packages", "difference", "size", "sbom", "parent"] as const;

const bytes = z.int().min(1).optional();

/** Where a piece of evidence comes from, and when it came to be there. */
const source = z.object({ piece: z.enum(pieces), source: z.string().min(1), at: z.iso.datetime() });
export type EvidenceSource = z.output<typeof source>;

/** What was found out about a build, as the ledger keeps it; the whole of it lies in the evidence bucket. */
export const evidence = z.object({
  collectedAt: z.iso.datetime(),
  /** One for each piece there is. */
  sources: z.array(source).default([]),
  /** One line per test workflow step that carried out components. */
  tests: z.array(z.object({ name: z.string(), status: z.string() })),
  components: z.array(componentTest).default([]),
  cve: z.object({
    /** Image Builder's `scanState`; only COMPLETED makes the counts evidence. */
    scan: z.string(),
    counts: z.record(z.enum(severities), severityCount),
    /** The highest score of a finding; left out where none has one. */
    score: z.number().optional(),
    /** Left out where the gate does not count them, or the catalog could not be read. */
    knownExploited: knownExploited.optional(),
    /** The fifty most severe. */
    findings: z.array(finding).max(50),
  }),
  /** Left out where no benchmark was run; its failed rules are with the whole evidence. */
  cis: cisResult
    .omit({ failed: true })
    .extend({ failures: z.int().min(0), key: z.string() })
    .optional(),
  /** Against the build that the last channel points at; left out where there is none. */
  packages: packageDifference.optional(),
  packageCount: z.int().min(0),
  /** Of all installed packages with their versions: two builds that have the same one have the same packages. */
  packagesDigest: z.string().optional(),
  /** How many packages that build has. */
  packageCountBefore: z.int().min(0).optional(),
  /**
   * All that was ever written to an AMI's volumes, or a container image's compressed layers, in bytes, and of the promoted
   * build's; left out where EC2 or ECR does not say.
   */
  imageSize: z.object({ bytes, before: z.object({ build: buildArn, bytes }).optional() }).optional(),
  sbom: z.object({ format: z.string(), components: z.int().min(1), key: z.string() }).optional(),
  /** What the build started from; `since` is when that came to be, left out where nobody knows any more. */
  parent: z
    .object({ build: buildArn.optional(), amiId: amiId.optional(), since: z.iso.datetime().optional() })
    .optional(),
  /** Where the whole of it lies in the evidence bucket. */
  key: z.string(),
});
export type Evidence = z.output<typeof evidence>;

/** The whole of it, as the evidence bucket keeps it: what a gate decides on. */
export const wholeEvidence = evidence.extend({
  findings: z.array(finding),
  manifest,
  cisResult: cisResult.optional(),
  /** The components of its recipe; left out by evidence that was collected before they were kept. */
  recipe: z.array(z.object({ name: z.string(), version: z.string() })).optional(),
});
export type WholeEvidence = z.output<typeof wholeEvidence>;

const bySeverity = [...severities, "low", "informational", "untriaged"];
const rank = (severity: string): number => {
  const place = bySeverity.indexOf(severity);
  return place < 0 ? bySeverity.length : place;
};

/** Whether a finding is of a severity, or of a more severe one. */
export const isAtLeast = (severity: Severity, finding: Finding): boolean => rank(finding.severity) <= rank(severity);

/** The most severe first, what can be fixed before what cannot. */
export const mostSevereFirst = (findings: readonly Finding[]): Finding[] =>
  findings.toSorted((a, b) => rank(a.severity) - rank(b.severity) || Number(b.fixable) - Number(a.fixable));

/** Marks the findings whose CVE is exploited, and counts them. */
export function markExploited(
  findings: readonly Finding[],
  cves: ReadonlySet<string>,
  listed: Date,
): { readonly findings: Finding[]; readonly knownExploited: KnownExploited } {
  const marked = findings.map((one): Finding => (cves.has(one.id) ? { ...one, exploited: true } : one));
  const some = marked.filter(({ exploited }) => exploited);
  const fixable = some.filter((one) => one.fixable).length;
  return { findings: marked, knownExploited: { all: some.length, fixable, listed: listed.toISOString() } };
}

/** Findings counted by severity, the highest score, and the fifty most severe of them. */
export function summariseFindings(findings: readonly Finding[]): Omit<Evidence["cve"], "scan"> {
  const count = (severity: Severity) => {
    const some = findings.filter((one) => one.severity === severity);
    return { all: some.length, fixable: some.filter((one) => one.fixable).length };
  };
  const scores = findings.flatMap(({ score }) => score ?? []);
  return {
    counts: { critical: count("critical"), high: count("high"), medium: count("medium") },
    ...(scores.length > 0 && { score: scores.reduce((most, one) => Math.max(most, one)) }),
    findings: mostSevereFirst(findings).slice(0, 50),
  };
}
