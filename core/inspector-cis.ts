import * as z from "zod";
import type { CisResult } from "./cis.ts";

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
