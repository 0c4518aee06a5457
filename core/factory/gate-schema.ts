import * as z from "zod";
import { benchmarkSchema, count, onViolation } from "./benchmark-schema.ts";
import { duration } from "./values.ts";

const packageName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9+._-]*$/, { error: 'a package name without a version, such as "telnet"' });

const cveSchema = z.strictObject({
  // More severe findings count too, so that a finding whose severity rises never makes room for another.
  /**
   * Allowed findings of severity critical.
   * @defaultValue no limit
   * @example 0
   */
  critical: count.optional(),
  /**
   * Allowed findings of severity high or critical, together.
   * @defaultValue no limit
   * @example 5
   */
  high: count.optional(),
  /**
   * Allowed findings of severity medium, high or critical, together.
   * @defaultValue no limit
   * @example 20
   */
  medium: count.optional(),
  /**
   * Which findings count: `"all"`, or `"fixable"`, those that a newer package fixes. A package of Ubuntu Pro (`+esm`) counts
   * as a fix only for images with Ubuntu Pro.
   * @example "fixable"
   */
  count: z.enum(["all", "fixable"]),
  /**
   * Highest Amazon Inspector score that a finding may have. Findings without a score pass.
   * @defaultValue no limit
   * @example 8.9
   */
  score: z.number().min(0).max(10).optional(),
  /**
   * Allowed findings whose CVE is in CISA's catalog of known exploited vulnerabilities, of any severity.
   * @defaultValue no limit
   * @example 0
   */
  knownExploited: count.optional(),
});

const packagesSchema = z.strictObject({
  /**
   * Packages that must be installed.
   * @example ["amazon-ssm-agent"]
   */
  required: z.array(packageName).default([]),
  /**
   * Packages that must not be installed.
   * @example ["telnet"]
   */
  forbidden: z.array(packageName).default([]),
});

const driftSchema = z.strictObject({
  /**
   * How many packages may be new.
   * @defaultValue no limit
   * @example 20
   */
  added: count.optional(),
  /**
   * How many packages may be missing.
   * @defaultValue no limit
   * @example 5
   */
  removed: count.optional(),
  /**
   * By how much the number of packages may differ, more or fewer.
   * @defaultValue no limit
   * @example 20
   */
  count: count.optional(),
  /**
   * By how many MiB the size may differ, more or less: the full size of the AMI's snapshots, or the compressed size of the
   * container image's layers.
   * @defaultValue no limit
   * @example 500
   */
  sizeMiB: count.optional(),
  /**
   * What a violation leads to: `"reject"` the build, or `"ask"` for approval by one of `people`.
   * @example "reject"
   */
  onViolation: onViolation.default("ask"),
});

const parentAgeSchema = z.strictObject({
  /**
   * Highest age, counted from the start of the parent's build, or from when its publisher created the AMI.
   * @example "45d"
   */
  maxAge: duration,
  /**
   * What a violation leads to: `"reject"` the build, or `"ask"` for approval by one of `people`.
   * @example "ask"
   */
  onViolation: onViolation.default("reject"),
});

/** What a build must meet to be promoted at all. */
export const gateSchema = z.strictObject({
  /**
   * Limits for findings of Amazon Inspector. A build whose scan is not complete is rejected.
   * @example { critical: 0, high: 0, count: "fixable" }
   */
  cve: cveSchema,
  /**
   * A CIS, STIG or other benchmark that runs on the test instance.
   * @defaultValue no benchmark
   * @example { by: "inspector", level: 1, leastChecks: 100 }
   */
  benchmark: benchmarkSchema.optional(),
  /**
   * Packages that must, or must not, be installed.
   * @defaultValue no rule
   * @example { forbidden: ["telnet"] }
   */
  packages: packagesSchema.optional(),
  /**
   * How much a build may differ from the one that the last channel points at. The first build passes.
   * @defaultValue no limit
   * @example { removed: 5, sizeMiB: 500 }
   */
  drift: driftSchema.optional(),
  /**
   * How old the build's parent may be.
   * @defaultValue no limit
   * @example { maxAge: "45d" }
   */
  parent: parentAgeSchema.optional(),
  /**
   * `"required"` rejects a build without a software bill of materials.
   * @defaultValue not required
   * @example "required"
   */
  sbom: z.literal("required").optional(),
});

export type GateThresholds = z.output<typeof gateSchema>;

/** An exception to one finding on one image (or on all, `*`), with an owner, a reason and an end. */
export const waiverSchema = z.strictObject({
  /**
   * ID of a CVE, an advisory or a benchmark's rule.
   * @example "CVE-2026-99901"
   */
  finding: z.string().min(1),
  /**
   * An image of the factory, or `"*"` for all.
   * @example "al2023-base"
   */
  image: z.string().min(1),
  /**
   * Who is responsible for the exception.
   * @example "security"
   */
  owner: z.string().min(1),
  /**
   * Why the finding is accepted.
   * @example "not reachable"
   */
  reason: z.string().min(1),
  /**
   * The last day on which the waiver counts, in UTC.
   * @example "2026-04-30"
   */
  until: z.iso.date({ error: 'a date such as "2026-04-30"' }),
});

export type Waiver = z.output<typeof waiverSchema>;
