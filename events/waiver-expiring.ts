import * as z from "zod";
import { defineEvent } from "./define-event.ts";

/** A waiver stops counting soon; told once, a week before. */
export const waiverExpiring = defineEvent(
  "waiver.expiring",
  z.strictObject({
    finding: z.string().min(1),
    /** An image's name, or `*`. */
    image: z.string().min(1),
    owner: z.string().min(1),
    reason: z.string().min(1),
    until: z.iso.date(),
  }),
);
