import * as z from "zod";
import { duration } from "./duration.ts";

const DAY = 86_400;

/** When people hear, once a month and image by image, which accounts run what. */
export const fleetSchema = z.strictObject({
  monthlyNotice: z.boolean().default(true),
  /** The day of the month, in UTC, from which on EC2 is asked: no month is without it. */
  onDay: z.int().min(1).max(28).default(1),
  /** In seconds. What EC2 has not reported by then is told as not known. */
  waitForReports: duration
    .refine((seconds) => seconds >= DAY && seconds <= 14 * DAY, { error: 'from a day to two weeks, such as "3d"' })
    .default(3 * DAY),
});
