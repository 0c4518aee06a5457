import * as z from "zod";
import { duration } from "./duration.ts";

const HOUR = 3600;

/** How long what nobody will use is kept, in seconds. */
export const leftoversSchema = z.strictObject({
  /** AMIs and snapshots of failed, rejected and half-distributed builds: for those who look after the cause. */
  keep: duration
    .refine((seconds) => seconds >= 24 * HOUR, { error: 'at least a day, such as "14d"' })
    .default(14 * 24 * HOUR),
  /** Instances in the canary's account whose trial was cut short. */
  canaries: duration.refine((seconds) => seconds >= HOUR, { error: 'at least "1h"' }).default(2 * HOUR),
  /** Build and test instances, from their start on, whose builds have ended: longer than any build takes. */
  instances: duration.refine((seconds) => seconds >= 12 * HOUR, { error: 'at least "12h"' }).default(24 * HOUR),
});
