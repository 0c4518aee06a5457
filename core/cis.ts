import * as z from "zod";

/** A benchmark's rule that a build does not meet. */
const failedRule = z.object({
  rule: z.string().min(1),
  title: z.string().optional(),
  severity: z.string().optional(),
  /** `error` and `unknown` say that nobody knows: as bad as `fail`. */
  result: z.enum(["fail", "error", "unknown"]),
});
export type FailedRule = z.output<typeof failedRule>;

/** What a benchmark's evaluation came to, from an XCCDF 1.2 TestResult (NIST IR 7275r4, 6.6.4). */
export const cisResult = z.object({
  profile: z.string(),
  benchmark: z.string(),
  /** When the evaluation ended, as the instance's clock said. */
  endedAt: z.string(),
  /** Rules that passed or failed. Those not selected, not applicable or not checked are none. */
  checks: z.int().min(0),
  failed: z.array(failedRule),
});
export type CisResult = z.output<typeof cisResult>;
