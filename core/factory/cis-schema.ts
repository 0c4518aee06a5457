import * as z from "zod";
import { onViolation } from "./on-violation.ts";

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

/** A CIS benchmark, evaluated by OpenSCAP on the instance that tests the image. */
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

export const cisSchema = z.discriminatedUnion("by", [openscap, inspector], {
  error: 'one of "openscap", "inspector"',
});
export type CisSettings = z.output<typeof cisSchema>;
