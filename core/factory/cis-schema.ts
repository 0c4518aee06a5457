import * as z from "zod";
import { onViolation } from "./on-violation.ts";

const profile = z.string().regex(/^xccdf_[A-Za-z0-9.-]+_profile_[A-Za-z0-9._-]+$/, {
  error: 'an XCCDF profile id such as "xccdf_org.ssgproject.content_profile_cis_server_l1"',
});

const ruleId = z.string().regex(/^xccdf_[A-Za-z0-9.-]+_rule_[A-Za-z0-9._-]+$/, {
  error: 'an XCCDF rule id such as "xccdf_org.ssgproject.content_rule_partition_for_tmp"',
});

/**
 * What an image is known to fail: no distribution passes a whole benchmark. A JSON file of the repository, imported by
 * `factory.config.ts`, so that a change of it is a change that somebody reviews.
 */
const baselineSchema = z.strictObject({
  /** Of this profile; another one's failures are others. */
  profile,
  /** Why each rule may fail, by the rule's id. */
  accepted: z.record(ruleId, z.string().min(1)),
});

/** A CIS benchmark, evaluated by OpenSCAP on the instance that tests the image. */
export const cisSchema = z.strictObject({
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
  baseline: baselineSchema.optional(),
  /** Fewer checks that came to pass or fail are no evidence. */
  leastChecks: z.int().min(1).default(1),
  onViolation: onViolation.default("reject"),
});
export type CisSettings = z.output<typeof cisSchema>;
