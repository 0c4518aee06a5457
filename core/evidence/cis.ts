import * as z from "zod";
import type { BenchmarkSettings } from "../factory/gate-schema.ts";

/** A benchmark's rule that a build does not meet. */
const failedRule = z.object({
  /** XCCDF's id of a rule, or the number of a check in CIS's benchmark. */
  rule: z.string().min(1),
  title: z.string().optional(),
  severity: z.string().optional(),
  /** `error` and `unknown` say that nobody knows: as bad as `fail`. */
  result: z.enum(["fail", "error", "unknown"]),
});

export type FailedRule = z.output<typeof failedRule>;

/**
 * What a benchmark's evaluation came to: from an XCCDF 1.2 TestResult (NIST IR 7275r4, 6.6.4), or from a CIS scan of
 * Amazon Inspector.
 */
export const cisResult = z.object({
  by: z.enum(["openscap", "inspector"]).default("openscap"),
  /** XCCDF's id of a profile, or Inspector's `LEVEL_1` or `LEVEL_2`. */
  profile: z.string(),
  /** XCCDF's id of the benchmark, or the platform that Inspector chose it by. */
  benchmark: z.string(),
  /** When the evaluation ended, as the instance's clock said; of Inspector's scan, when it was made. */
  endedAt: z.string(),
  /** Rules that passed or failed. Those not selected, not applicable or not checked are none. */
  checks: z.int().min(0),
  failed: z.array(failedRule),
  /** Why the evaluation is no evidence, where whoever evaluated says so. */
  incomplete: z.string().min(1).optional(),
});

export type CisResult = z.output<typeof cisResult>;

/** What a gate wants evaluated, as a result calls it. */
export const wantedProfile = (settings: BenchmarkSettings): string =>
  settings.by === "inspector" ? levelOf(settings.level) : settings.profile;

/** As Inspector calls a level. */
export const levelOf = (level: 1 | 2): "LEVEL_1" | "LEVEL_2" => (level === 1 ? "LEVEL_1" : "LEVEL_2");

/** What `images/components/inspector-cis.yaml` calls the scan of an instance. */
export const cisScanName = (instanceId: string): string => `amint-${instanceId}`;

const count = z.int().min(0);

/** What Amazon Inspector says of its CIS scan of one instance, as far as a result is made of it. */
export const inspectorScan = z.object({
  scan: z.object({
    arn: z.string(),
    configuration: z.string(),
    /** Only COMPLETED is evidence, and not by itself. */
    status: z.string(),
    level: z.string(),
    /** When the scan was made. */
    date: z.iso.datetime(),
  }),
  /** What came of this instance (ListCisScanResultsAggregatedByTargetResource); left out where the scan did not reach it. */
  target: z
    .object({
      account: z.string(),
      status: z.string(),
      reason: z.string().optional(),
      platform: z.string(),
      counts: z.object({ passed: count, failed: count, skipped: count }),
    })
    .optional(),
  /** Every check, all pages (GetCisScanResultDetails). */
  checks: z.array(z.object({ id: z.string(), title: z.string().optional(), status: z.string() })),
});

export type InspectorScan = z.output<typeof inspectorScan>;

/**
 * What a scan came to. One that ended without a check, that did not reach the instance, or whose checks are not all
 * there says so: nobody takes it for a benchmark that passed.
 */
export function toCisResult(found: InspectorScan): CisResult {
  const { scan, target } = found;
  const checks = [...Map.groupBy(found.checks, ({ id }) => id).values()];
  // What is neither passed nor failed was skipped, as what is not applicable is.
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
    return `of the instance Inspector says ${[target.status, target.reason].filter(Boolean).join(", ")}`;
  }
  const { passed, failed, skipped } = target.counts;
  if (checks.length < passed + failed + skipped) {
    return `Inspector tells ${checks.length} of ${passed + failed + skipped} check(s)`;
  }
  if (evaluated > 0) return undefined;
  return "without the right to report them an instance has none, nor where Inspector has no benchmark of its system";
}
