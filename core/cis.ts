import * as z from "zod";
import type { CisSettings } from "./factory/cis-schema.ts";

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
export const wantedProfile = (settings: CisSettings): string =>
  settings.by === "inspector" ? levelOf(settings.level) : settings.profile;

/** As Inspector calls a level. */
export const levelOf = (level: 1 | 2): "LEVEL_1" | "LEVEL_2" => (level === 1 ? "LEVEL_1" : "LEVEL_2");

/** What `images/components/inspector-cis.yaml` calls the scan of an instance. */
export const cisScanName = (instanceId: string): string => `amint-${instanceId}`;
