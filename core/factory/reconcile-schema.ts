import * as z from "zod";
import { duration } from "./duration.ts";

const HOUR = 3600;

/** How often everything is compared with AWS. */
export const reconcileSchema = z.strictObject({
  /**
   * How much time lies between two full looks, in seconds; in between, `reconcile` continues only what is under way or
   * overdue. Left out: an hour without a trail, a day with one.
   */
  fullLook: duration
    .refine((seconds) => seconds >= HOUR && seconds <= 7 * 24 * HOUR, { error: 'from "1h" to "7d"' })
    .optional(),
});

/**
 * The trail whose events report changes that send none of their own: one of the organization's, one of the factory's
 * account, or none. Amint creates no trail.
 */
export const cloudTrailSchema = z.enum(["organization", "own", "none"]);

/** With events, the full look only finds what they missed. */
export const fullLookOf = ({
  cloudTrail,
  reconcile,
}: {
  readonly cloudTrail: z.output<typeof cloudTrailSchema>;
  readonly reconcile: z.output<typeof reconcileSchema>;
}): number => reconcile.fullLook ?? (cloudTrail === "none" ? HOUR : 24 * HOUR);
