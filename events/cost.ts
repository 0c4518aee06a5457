import * as z from "zod";
import { defineEvent } from "./define-event.ts";

const amount = z.number().min(0);

/** A month's estimate exceeded `cost.monthlyAlarm`; once a month. */
export const costExceeded = defineEvent(
  "cost.exceeded",
  z.strictObject({
    /** `2026-04` */
    month: z.string().regex(/^\d{4}-\d{2}$/),
    /** In `currency`, like all amounts. */
    estimated: amount,
    alarm: amount,
    currency: z.string().length(3),
    /** The date of the price table. */
    pricesOf: z.iso.date(),
    /** By image, most expensive first; shared cost is `the factory`. */
    parts: z.array(z.strictObject({ of: z.string().min(1), amount })),
  }),
);
