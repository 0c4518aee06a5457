import * as z from "zod";
import { advisorySeverity } from "./build.ts";
import { defineEvent } from "./define-event.ts";
import { buildArn, imageName } from "./ids.ts";

/** One rule of the gate: what was found, what is allowed, and whether it passes. */
export const gateReason = z.strictObject({
  rule: z.string().min(1),
  passed: z.boolean(),
  found: z.string(),
  allowed: z.string(),
  /** The findings behind it, most severe first; at most ten. */
  examples: z.array(z.string()).max(10),
  /** The waivers that removed findings from the count. */
  waived: z.array(z.string()).max(50).optional(),
  /** It is broken, but the build may continue with an approval. */
  asks: z.literal(true).optional(),
});

export type GateReason = z.output<typeof gateReason>;

/** An advisory for which an image's config does not let a fix wait. */
export const urgentAdvisory = z.strictObject({
  /** The vendor's id. */
  advisory: z.string().min(1),
  severity: advisorySeverity,
  /** Its CVEs in CISA's catalog, if that makes it urgent. */
  exploited: z.array(z.string()).min(1).optional(),
  /** The day on which CISA listed the first of them. */
  listed: z.iso.date().optional(),
  /** The highest EPSS score of its CVEs, if that makes it urgent. */
  epss: z.number().min(0).max(1).optional(),
  /** When it was first found to be urgent for the image. */
  since: z.iso.datetime(),
});

export type UrgentAdvisory = z.output<typeof urgentAdvisory>;

/** Why a build takes the urgent pace: an advisory that it fixes, its parent's build, or a person's request. */
export const urgency = z.union([
  urgentAdvisory.extend({ parent: imageName.optional() }),
  z.strictObject({ by: z.string().min(1), reason: z.string().min(1).optional(), parent: imageName.optional() }),
]);

export type Urgency = z.output<typeof urgency>;

const detail = z.strictObject({
  image: imageName,
  build: buildArn,
  reasons: z.array(gateReason).min(1),
  /** Why the build takes the urgent pace, if it passes. */
  urgent: urgency.optional(),
});

/** Every rule passed: the build may be distributed and shared. */
export const gatePassed = defineEvent("gate.passed", detail);

/** Only rules with `ask` are broken: the build is distributed, but not shared without approval. */
export const gateHeld = defineEvent("gate.held", detail);

/** At least one rule did not pass: the build is not promoted. */
export const gateRejected = defineEvent("gate.rejected", detail);

/** A waiver ends soon; once, a week before. */
export const waiverExpiring = defineEvent(
  "waiver.expiring",
  z.strictObject({
    finding: z.string().min(1),
    /** An image's name, or `*`. */
    image: z.union([imageName, z.literal("*")]),
    owner: z.string().min(1),
    reason: z.string().min(1),
    until: z.iso.date(),
  }),
);
