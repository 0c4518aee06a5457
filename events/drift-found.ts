import * as z from "zod";
import { defineEvent } from "./define-event.ts";
import { channelName, imageName } from "./ids.ts";

/**
 * What a channel gives people is not what the ledger says: somebody edited it by hand, or AWS never took it. Told once
 * for each difference.
 */
export const driftFound = defineEvent(
  "drift.found",
  z.strictObject({
    image: imageName,
    channel: channelName,
    /** What differs from the ledger. */
    found: z.string().min(1),
    /** What `reconcile` did about it. */
    done: z.string().min(1),
  }),
);
