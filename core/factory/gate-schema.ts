import * as z from "zod";
import { duration } from "./values.ts";

/** What follows where a build breaks a rule: it goes nowhere, or people of the config decide. */
const onViolation = z.enum(["reject", "ask"]);

export type OnViolation = z.output<typeof onViolation>;

const profile = z.string().regex(/^xccdf_[A-Za-z0-9.-]+_profile_[A-Za-z0-9._-]+$/, {
  error: 'an XCCDF profile id such as "xccdf_org.ssgproject.content_profile_cis_server_l1"',
});

const ruleId = z.string().regex(/^xccdf_[A-Za-z0-9.-]+_rule_[A-Za-z0-9._-]+$/, {
  error: 'an XCCDF rule id such as "xccdf_org.ssgproject.content_rule_partition_for_tmp"',
});

const checkId = z
  .string()
  .regex(/^\d+(\.\d+)+$/, { error: 'the number of a check in CIS\'s benchmark such as "1.1.2.1"' });

const level = z.literal([1, 2]);

/** Whoever evaluates. */
const common = {
  /** Fewer checks that came to pass or fail are no evidence. */
  leastChecks: z.int().min(1).default(1),
  onViolation: onViolation.default("reject"),
};

/**
 * What an image is known to fail: no distribution passes a whole benchmark. A JSON file of the repository, imported by
 * `factory.config.ts`, so that a change of it is a change that somebody reviews.
 */
const openscapBaseline = z.strictObject({
  /** Of this profile; another one's failures are others. */
  profile,
  /** Why each rule may fail, by the rule's id. */
  accepted: z.record(ruleId, z.string().min(1)),
});

const count = z.int().min(0);

/**
 * STIG's categories: how many failures beyond the baseline are allowed. Category I is XCCDF's severity high, II medium, III
 * low. The more severe ones count along; a category left out is not limited.
 */
const categories = z
  .strictObject({ I: count.optional(), II: count.optional(), III: count.optional() })
  .refine((limits) => Object.values(limits).some((limit) => limit !== undefined), {
    error: "a limit for at least one of the categories I, II, III",
  });

/** A benchmark of CIS, DISA (STIG) or others, evaluated by OpenSCAP on the instance that tests the image. */
const openscap = z.strictObject({
  by: z.literal("openscap").optional(),
  /** The benchmark: a SCAP source data stream, such as ComplianceAsCode's `ssg-al2023-ds.xml`. */
  content: z.strictObject({
    /** Where the instance downloads it. */
    url: z
      .string()
      .regex(/^https:\/\/[^\s"'`$\\]+\.xml$/, { error: 'an address such as "https://.../ssg-al2023-ds.xml"' }),
    /** Pins it: with other content a baseline says nothing. */
    sha256: z.string().regex(/^[0-9a-f]{64}$/, { error: "64 lower-case hexadecimal digits" }),
  }),
  profile,
  baseline: openscapBaseline.optional(),
  /** Left out, no failure beyond the baseline is allowed, whatever its severity. */
  categories: categories.optional(),
  ...common,
});

/** A CIS benchmark, evaluated by Amazon Inspector on the instance that tests the image. Inspector chooses it by the system. */
const inspector = z.strictObject({
  by: z.literal("inspector"),
  /** CIS's level; the second one takes the first one in. */
  level,
  baseline: z
    .strictObject({
      /** Of this level. */
      level,
      /** Why each check may fail, by its number. */
      accepted: z.record(checkId, z.string().min(1)),
    })
    .optional(),
  ...common,
});

const benchmarkSchema = z.discriminatedUnion("by", [openscap, inspector], {
  error: 'one of "openscap", "inspector"',
});

export type BenchmarkSettings = z.output<typeof benchmarkSchema>;
export type BenchmarkInput = z.input<typeof benchmarkSchema>;

const packageName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9+._-]*$/, { error: 'the name of a package without its version, such as "telnet"' });

/** What a build must meet to be promoted at all. */
export const gateSchema = z.strictObject({
  cve: z.strictObject({
    /**
     * How many findings of a severity, and of the more severe ones, are allowed; a severity left out is not limited.
     * The more severe ones count along, so that a finding that turns out worse never makes room.
     */
    critical: count.optional(),
    high: count.optional(),
    medium: count.optional(),
    /**
     * Which findings count: all of them, or only those that a newer package fixes. A package of Ubuntu Pro (`+esm`) is one
     * only for images that start from Ubuntu Pro.
     */
    count: z.enum(["all", "fixable"]),
    /** The highest score of Amazon Inspector that a finding may have, from 0 to 10; findings without one pass. */
    score: z.number().min(0).max(10).optional(),
    /** How many findings whose CVE is exploited, as CISA's catalog says, are allowed, whatever their severity. */
    knownExploited: count.optional(),
  }),
  /** Left out, no benchmark is run. */
  benchmark: benchmarkSchema.optional(),
  packages: z
    .strictObject({
      required: z.array(packageName).default([]),
      forbidden: z.array(packageName).default([]),
    })
    .optional(),
  /** How far a build may be from the one that the last channel points at; the first build has nothing to be far from. */
  drift: z
    .strictObject({
      added: count.optional(),
      removed: count.optional(),
      /** Of the number of packages, whether more or fewer. */
      count: count.optional(),
      /** Of what is written to the AMI's snapshots, or of a container image's compressed layers, in MiB, more or less. */
      sizeMiB: count.optional(),
      onViolation: onViolation.default("ask"),
    })
    .optional(),
  parent: z
    .strictObject({
      /** Since the parent's own build, or since Amazon or Canonical made its AMI. */
      maxAge: duration,
      onViolation: onViolation.default("reject"),
    })
    .optional(),
  /** `required`: a build without a list of its software for others to read goes nowhere. */
  sbom: z.literal("required").optional(),
});

export type GateThresholds = z.output<typeof gateSchema>;

/** An exception to one finding on one image (or on all, `*`), with an owner, a reason and an end. */
export const waiverSchema = z.strictObject({
  /** An advisory's or a CVE's id. */
  finding: z.string().min(1),
  image: z.string().min(1),
  owner: z.string().min(1),
  reason: z.string().min(1),
  /** The last day on which it counts, in UTC. */
  until: z.iso.date(),
});

export type Waiver = z.output<typeof waiverSchema>;
