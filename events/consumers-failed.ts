import * as z from "zod";
import { defineEvent } from "./define-event.ts";
import { channelName, imageName } from "./ids.ts";

/**
 * What the factory does in consumers' accounts does not succeed in some of them. Told once for each account; it is
 * tried again each hour.
 */
export const consumersFailed = defineEvent(
  "consumers.failed",
  z.strictObject({
    /** Grants for Auto Scaling, or copies of a channel's parameter. */
    work: z.enum(["grants", "mirror"]),
    /** Whose parameter is copied. */
    image: imageName.optional(),
    channel: channelName.optional(),
    /** How many accounts. */
    count: z.int().min(1),
    /** The first twenty of them. */
    accounts: z
      .array(z.strictObject({ account: z.string().regex(/^\d{12}$/), why: z.string().min(1) }))
      .min(1)
      .max(20),
  }),
);
