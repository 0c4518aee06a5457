import * as z from "zod";
import { cisSchema } from "./cis-schema.ts";
import { duration } from "./duration.ts";
import { onViolation } from "./on-violation.ts";

const count = z.int().min(0);

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
    /** Which findings count: all of them, or only those that a newer package fixes. */
    count: z.enum(["all", "fixable"]),
    /** The highest score of Amazon Inspector that a finding may have, from 0 to 10; findings without one pass. */
    score: z.number().min(0).max(10).optional(),
  }),
  /** Left out, no benchmark is run. */
  cis: cisSchema.optional(),
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
