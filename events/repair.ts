import * as z from "zod";
import { defineEvent } from "./define-event.ts";
import { channelName, imageName } from "./ids.ts";

/**
 * What the factory publishes, or what that rests on, is not what the ledger and the config say: it was edited by hand,
 * or AWS never took it. Reported once for each difference.
 */
export const driftFound = defineEvent(
  "drift.found",
  z.strictObject({
    /** Left out where it is not in a channel, such as in a key's policy. */
    image: imageName.exactOptional(),
    channel: channelName.exactOptional(),
    /** What differs from the ledger. */
    found: z.string().min(1),
    /** What `reconcile` did about it. */
    done: z.string().min(1),
  }),
);

/** `reconcile` set going what a lost event or a crash had left standing. */
export const driftRepaired = defineEvent(
  "drift.repaired",
  z.strictObject({ image: imageName, repair: z.string().min(1) }),
);
