import * as z from "zod";
import { defineEvent } from "./define-event.ts";
import { imageName } from "./ids.ts";

/** `reconcile` set going what a lost event or a crash had left standing. */
export const driftRepaired = defineEvent(
  "drift.repaired",
  z.strictObject({ image: imageName, repair: z.string().min(1) }),
);
