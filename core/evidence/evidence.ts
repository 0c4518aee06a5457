import * as z from "zod";
import { packageDifference } from "../../events/channel.ts";
import { componentTest } from "../../events/evidence.ts";
import { amiId, buildArn } from "../../events/ids.ts";
import { cisResult } from "./cis.ts";
import { manifest } from "./manifest.ts";

/** Amazon Inspector's severities that a gate can limit, most severe first. */
export const severities = ["critical", "high", "medium"] as const;
export type Severity = (typeof severities)[number];

/** One CVE finding on a build's packages. */
const finding = z.object({
  id: z.string(),
  severity: z.string(),
  packages: z.array(z.string()),
  /** A newer version of every vulnerable package fixes it and the image can install it: without Ubuntu Pro, or with it if the image has it. */
  fixable: z.boolean(),
  /** Amazon Inspector's score from 0 to 10; not every finding has one. */
  score: z.number().optional(),
  /** Known to be exploited, by CISA's catalog; set only if the gate counts that. */
  exploited: z.literal(true).optional(),
});
export type Finding = z.output<typeof finding>;

const severityCount = z.object({ all: z.int().min(0), fixable: z.int().min(0) });

/** How many findings are known to be exploited, and the date of CISA's catalog. */
const knownExploited = severityCount.extend({ listed: z.iso.datetime() });
export type KnownExploited = z.output<typeof knownExploited>;

const pieces = ["tests", "cve", "cis", "packages", "difference", "size", "sbom", "parent"] as const;

const bytes = z.int().min(1).optional();

/** The source of a piece of evidence, and when it was created. */
const source = z.object({ piece: z.enum(pieces), source: z.string().min(1), at: z.iso.datetime() });
export type EvidenceSource = z.output<typeof source>;

/** A build's evidence as stored in the ledger; the full evidence is in the evidence bucket. */
export const evidence = z.object({
  collectedAt: z.iso.datetime(),
  /** One for each piece of evidence. */
  sources: z.array(source).default([]),
  /** One entry for each step of the test workflow that executed components. */
  tests: z.array(z.object({ name: z.string(), status: z.string() })),
  components: z.array(componentTest).default([]),
  cve: z.object({
    /** Image Builder's `scanState`; only COMPLETED makes the counts evidence. */
    scan: z.string(),
    counts: z.record(z.enum(severities), severityCount),
    /** The highest score of a finding; absent without scores. */
    score: z.number().optional(),
    /** Absent if the gate does not count them, or the catalog could not be read. */
    knownExploited: knownExploited.optional(),
    /** The fifty most severe. */
    findings: z.array(finding).max(50),
  }),
  /** Absent if no benchmark ran; its failed rules are in the full evidence. */
  cis: cisResult
    .omit({ failed: true })
    .extend({ failures: z.int().min(0), key: z.string() })
    .optional(),
  /** Compared with the build that the last channel points at; absent without one. */
  packages: packageDifference.optional(),
  packageCount: z.int().min(0),
  /** A digest of all installed packages and versions: builds with the same digest have the same packages. */
  packagesDigest: z.string().optional(),
  /** The number of packages in that build. */
  packageCountBefore: z.int().min(0).optional(),
  /**
   * The size in bytes of everything that was ever written to an AMI's volumes, or of a container image's compressed layers,
   * and the same for the promoted build; absent if EC2 or ECR does not report it.
   */
  imageSize: z.object({ bytes, before: z.object({ build: buildArn, bytes }).optional() }).optional(),
  sbom: z.object({ format: z.string(), components: z.int().min(1), key: z.string() }).optional(),
  /** What the build started from; `since` is when that was created, absent if no longer known. */
  parent: z
    .object({ build: buildArn.optional(), amiId: amiId.optional(), since: z.iso.datetime().optional() })
    .optional(),
  /** The key of the full evidence in the evidence bucket. */
  key: z.string(),
});
export type Evidence = z.output<typeof evidence>;

/** The full evidence in the evidence bucket, on which a gate decides. */
export const wholeEvidence = evidence.extend({
  findings: z.array(finding),
  manifest,
  cisResult: cisResult.optional(),
  /** The components of its recipe; absent in evidence that was collected before they were stored. */
  recipe: z.array(z.object({ name: z.string(), version: z.string() })).optional(),
});
export type WholeEvidence = z.output<typeof wholeEvidence>;

const bySeverity = [...severities, "low", "informational", "untriaged"];
const rank = (severity: string): number => {
  const place = bySeverity.indexOf(severity);
  return place < 0 ? bySeverity.length : place;
};

/** Whether a finding has at least a severity. */
export const isAtLeast = (severity: Severity, finding: Finding): boolean => rank(finding.severity) <= rank(severity);

/** Most severe first; for equal severity, fixable ones first. */
export const mostSevereFirst = (findings: readonly Finding[]): Finding[] =>
  findings.toSorted((a, b) => rank(a.severity) - rank(b.severity) || Number(b.fixable) - Number(a.fixable));

/** Marks and counts the findings with a known exploited CVE. */
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
