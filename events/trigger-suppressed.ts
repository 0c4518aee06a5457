import * as z from "zod";
import { defineEvent } from "./define-event.ts";
import { imageName } from "./ids.ts";
import { trigger } from "./trigger.ts";

/** A trigger that starts no build, and why. */
export const triggerSuppressed = defineEvent(
  "trigger.suppressed",
  z.strictObject({ image: imageName, triggers: z.array(trigger).min(1), reason: z.string().min(1) }),
);
