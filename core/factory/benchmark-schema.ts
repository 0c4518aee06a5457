import * as z from "zod";

/** What a violation of a rule leads to: the build is rejected, or waits for approval by one of `people`. */
export const onViolation = z.enum(["reject", "ask"]);

export type OnViolation = z.output<typeof onViolation>;

export const count = z.int().min(0);

const profile = z.string().regex(/^xccdf_[A-Za-z0-9.-]+_profile_[A-Za-z0-9._-]+$/, {
  error: 'an XCCDF profile id such as "xccdf_org.ssgproject.content_profile_cis_server_l1"',
});

const ruleId = z.string().regex(/^xccdf_[A-Za-z0-9.-]+_rule_[A-Za-z0-9._-]+$/, {
  error: 'an XCCDF rule id such as "xccdf_org.ssgproject.content_rule_partition_for_tmp"',
});

const checkId = z
  .string()
  .regex(/^\d+(\.\d+)+$/, { error: 'the number of a check in the CIS benchmark such as "1.1.2.1"' });

const level = z.literal([1, 2]);

const common = {
  /**
   * How many checks must have passed or failed for the result to count. A benchmark for another release ends without an
   * error and without applicable checks.
   * @example 100
   */
  leastChecks: z.int().min(1).default(1),
  /**
   * What a violation leads to: `"reject"` the build, or `"ask"` for approval by one of `people`.
   * @example "ask"
   */
  onViolation: onViolation.default("reject"),
};

const openscapBaseline = z.strictObject({
  /**
   * The profile of these failures. Must be the benchmark's `profile`.
   * @example "xccdf_org.ssgproject.content_profile_cis_server_l1"
   */
  profile,
  /**
   * Rules that may fail, by ID, each with the reason.
   * @example { "xccdf_org.ssgproject.content_rule_partition_for_tmp": "one volume: /tmp is cleared at each boot" }
   */
  accepted: z.record(ruleId, z.string().min(1)),
});

const categories = z
  .strictObject({
    /**
     * Failures of category I (XCCDF severity high, or unknown) that are allowed.
     * @defaultValue no limit
     * @example 0
     */
    I: count.optional(),
    /**
     * Failures of category I or II (medium) that are allowed, together.
     * @defaultValue no limit
     * @example 10
     */
    II: count.optional(),
    /**
     * Failures of category I, II or III (low) that are allowed, together.
     * @defaultValue no limit
     * @example 50
     */
    III: count.optional(),
  })
  .refine((limits) => Object.values(limits).some((limit) => limit !== undefined), {
    error: "a limit for at least one of the categories I, II, III",
  });

const openscap = z.strictObject({
  /**
   * OpenSCAP evaluates a CIS, STIG or other benchmark on the test instance.
   * @defaultValue "openscap"
   * @example "openscap"
   */
  by: z.literal("openscap").optional(),
  /**
   * The benchmark: a SCAP source data stream, such as ComplianceAsCode's `ssg-al2023-ds.xml`.
   * @example { url: "https://example.com/ssg-al2023-ds.xml", sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" }
   */
  content: z.strictObject({
    /**
     * Where the test instance downloads it.
     * @example "https://example.com/ssg-al2023-ds.xml"
     */
    url: z
      .string()
      .regex(/^https:\/\/[^\s"'`$\\]+\.xml$/, { error: 'an HTTPS URL such as "https://.../ssg-al2023-ds.xml"' }),
    /**
     * SHA-256 of the file. A baseline is only valid for the content that it was written for.
     * @example "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
     */
    sha256: z.string().regex(/^[0-9a-f]{64}$/, { error: "64 lower-case hexadecimal digits" }),
  }),
  /**
   * The XCCDF profile to evaluate.
   * @example "xccdf_org.ssgproject.content_profile_cis_server_l1"
   */
  profile,
  /**
   * Accepted failures: no distribution passes a whole benchmark. Import a JSON file of your repository, so that changes to
   * it are reviewed.
   * @defaultValue no failure is accepted
   * @example { profile: "xccdf_org.ssgproject.content_profile_cis_server_l1", accepted: {} }
   */
  baseline: openscapBaseline.optional(),
  /**
   * Limits by STIG category for failures beyond the baseline.
   * @defaultValue no failure beyond the baseline is allowed
   * @example { I: 0, II: 10 }
   */
  categories: categories.optional(),
  ...common,
});

const inspector = z.strictObject({
  /**
   * Amazon Inspector runs a CIS scan on the test instance, with its benchmark for the operating system.
   * @example "inspector"
   */
  by: z.literal("inspector"),
  /**
   * CIS level; level 2 includes level 1.
   * @example 1
   */
  level,
  /**
   * Accepted failures, as a JSON file of your repository.
   * @defaultValue no failure is accepted
   * @example { level: 1, accepted: {} }
   */
  baseline: z
    .strictObject({
      /**
       * The level of these failures. Must be the benchmark's `level`.
       * @example 1
       */
      level,
      /**
       * Checks that may fail, by number, each with the reason.
       * @example { "1.1.2.1": "one volume: /tmp is cleared at each boot" }
       */
      accepted: z.record(checkId, z.string().min(1)),
    })
    .optional(),
  ...common,
});

export const benchmarkSchema = z.discriminatedUnion("by", [openscap, inspector], {
  error: 'one of "openscap", "inspector"',
});

export type BenchmarkSettings = z.output<typeof benchmarkSchema>;
export type BenchmarkInput = z.input<typeof benchmarkSchema>;
