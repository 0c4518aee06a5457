import * as z from "zod";
import { duration } from "./duration.ts";

const DAY = 86_400;

/** Whether what the factory deregisters and deletes can be taken back for a while, from the Recycle Bin of each region. */
export const recycleBinSchema = z.strictObject({
  /** `false` where the organization has rules of its own. */
  enabled: z.boolean().default(true),
  /**
   * In seconds; whole days, a year at most (Recycle Bin API reference, RetentionPeriod). What is in the bin costs as before
   * (EBS user guide, "Recover deleted resources with Recycle Bin").
   */
  retain: duration
    .refine((seconds) => seconds % DAY === 0 && seconds >= DAY && seconds <= 365 * DAY, {
      error: 'whole days from "1d" to "365d"',
    })
    .default(14 * DAY),
});
