import * as z from "zod";
import { defineEvent } from "./define-event.ts";
import { imageName } from "./ids.ts";
import { trigger } from "./trigger.ts";

/** Why reasons wait: a build is under way, too many failed, a blackout, the minimum interval, no promoted parent. */
export const waitCodes = ["building", "breaker", "blackout", "interval", "parent"] as const;
export type WaitCode = (typeof waitCodes)[number];

/**
 * Why reasons start nothing, ever: the parent has no promoted build, or a newer one; a build from that parent or AMI was
 * started meanwhile; the advisory applies still to a build that was started because of it; it is below the image's
 * threshold, waived, or comes with the parent (`passed-over`: of these, what the config says later may start one).
 */
export const neverCodes = ["unpromoted", "outdated", "answered", "unfixed", "passed-over"] as const;
export type NeverCode = (typeof neverCodes)[number];

/** A trigger that starts no build (now), and why. Said once for each reason and code, not at each new try. */
export const triggerSuppressed = defineEvent(
  "trigger.suppressed",
  z.strictObject({
    image: imageName,
    triggers: z.array(trigger).min(1),
    /** `waits`: the triggers are kept, and start a build when what holds them back is over. */
    decision: z.enum(["waits", "never"]),
    code: z.enum([...waitCodes, ...neverCodes]),
    reason: z.string().min(1),
    /** When a wait is over, where that is known. */
    until: z.iso.datetime().optional(),
  }),
);
