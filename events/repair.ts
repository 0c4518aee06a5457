import * as z from "zod";
import { defineEvent } from "./define-event.ts";
import { channelName, imageName } from "./ids.ts";

/**
 * What the factory publishes, or depends on, differs from the ledger or the config: after a manual edit, or because AWS
 * never stored it. Reported once for each difference.
 */
export const driftFound = defineEvent(
  "drift.found",
  z.strictObject({
    /** Absent for what belongs to no channel, such as a key's policy. */
    image: imageName.exactOptional(),
    channel: channelName.exactOptional(),
    /** What differs from the ledger. */
    found: z.string().min(1),
    /** What `reconcile` did about it. */
    done: z.string().min(1),
  }),
);

/** `reconcile` resumed what a lost event or a crash had left unfinished. */
export const driftRepaired = defineEvent(
  "drift.repaired",
  z.strictObject({ image: imageName, repair: z.string().min(1) }),
);
