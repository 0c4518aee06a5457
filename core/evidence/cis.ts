import * as z from "zod";
import type { BenchmarkSettings } from "../factory/benchmark-schema.ts";

/** A benchmark's rule that a build does not pass. */
const failedRule = z.object({
  /** The rule's XCCDF id, or the number of a check in CIS's benchmark. */
  rule: z.string().min(1),
  title: z.string().optional(),
  severity: z.string().optional(),
  /** `error` and `unknown`, where the result is not known, count as `fail`. */
  result: z.enum(["fail", "error", "unknown"]),
});

export type FailedRule = z.output<typeof failedRule>;

/**
 * The result of a benchmark's evaluation: from an XCCDF 1.2 TestResult (NIST IR 7275r4, 6.6.4), or from a CIS scan by
 * Amazon Inspector.
 */
export const cisResult = z.object({
  by: z.enum(["openscap", "inspector"]).default("openscap"),
  /** The profile's XCCDF id, or Inspector's `LEVEL_1` or `LEVEL_2`. */
  profile: z.string(),
  /** The benchmark's XCCDF id, or the platform by which Inspector selected it. */
  benchmark: z.string(),
  /** When the evaluation ended, by the instance's clock; for Inspector, the scan's date. */
  endedAt: z.string(),
  /** Number of rules that passed or failed. Rules that were not selected, applicable or checked do not count. */
  checks: z.int().min(0),
  failed: z.array(failedRule),
  /** Why the evaluation does not count as evidence, if the evaluator says so. */
  incomplete: z.string().min(1).optional(),
});

export type CisResult = z.output<typeof cisResult>;

/** The profile that a gate requires, as named in results. */
export const wantedProfile = (settings: BenchmarkSettings): string =>
  settings.by === "inspector" ? levelOf(settings.level) : settings.profile;

/** Inspector's name of a level. */
export const levelOf = (level: 1 | 2): "LEVEL_1" | "LEVEL_2" => (level === 1 ? "LEVEL_1" : "LEVEL_2");

/** The name that `images/components/inspector-cis.yaml` gives the scan of an instance. */
export const cisScanName = (instanceId: string): string => `amint-${instanceId}`;

const count = z.int().min(0);

/** The parts of Amazon Inspector's CIS scan of one instance that a result is made from. */
export const inspectorScan = z.object({
  scan: z.object({
    arn: z.string(),
    configuration: z.string(),
    /** Only COMPLETED counts as evidence, and only with results. */
    status: z.string(),
    level: z.string(),
    /** When the scan ran. */
    date: z.iso.datetime(),
  }),
  /** The instance's results (ListCisScanResultsAggregatedByTargetResource); absent if the scan did not reach it. */
  target: z
    .object({
      account: z.string(),
      status: z.string(),
      reason: z.string().optional(),
      platform: z.string(),
      counts: z.object({ passed: count, failed: count, skipped: count }),
    })
    .optional(),
  /** All checks, from all pages (GetCisScanResultDetails). */
  checks: z.array(z.object({ id: z.string(), title: z.string().optional(), status: z.string() })),
});

export type InspectorScan = z.output<typeof inspectorScan>;

/**
 * The result of a scan. If it ended without checks, did not reach the instance, or checks are missing, the result is marked
 * incomplete, so that it does not count as passed.
 */
export function toCisResult(found: InspectorScan): CisResult {
  const { scan, target } = found;
  const checks = [...Map.groupBy(found.checks, ({ id }) => id).values()];
  // Checks that neither passed nor failed were skipped, for example because they do not apply.
  const failed = checks.flatMap((same) => same.find(({ status }) => status === "FAILED") ?? []);
  const passed = checks.filter(
    (same) => same.some(({ status }) => status === "PASSED") && !same.some(({ status }) => status === "FAILED"),
  );
  const incomplete = whyIncomplete(found, failed.length + passed.length);
  return {
    by: "inspector",
    profile: scan.level,
    benchmark: target?.platform ?? "unknown",
    endedAt: scan.date,
    checks: failed.length + passed.length,
    failed: failed.map(({ id, title }) => ({ rule: id, result: "fail", ...(title && { title }) })),
    ...(incomplete && { incomplete }),
  };
}

function whyIncomplete({ scan, target, checks }: InspectorScan, evaluated: number): string | undefined {
  if (scan.status !== "COMPLETED") return `Inspector's scan is ${scan.status}`;
  if (!target) return "Inspector's scan did not reach the instance";
  if (target.status !== "COMPLETED" || target.reason) {
    return `Inspector reports for the instance: ${[target.status, target.reason].filter(Boolean).join(", ")}`;
  }
  const { passed, failed, skipped } = target.counts;
  if (checks.length < passed + failed + skipped) {
    return `Inspector returned ${checks.length} of ${passed + failed + skipped} check(s)`;
  }
  if (evaluated > 0) return undefined;
  return "no check ran: the instance may lack the permission to report them, or Inspector has no benchmark for its operating system";
}
