import * as z from "zod";
import { findSkippedPatchDay } from "../schedule/patch-day.ts";
import { durationBetween } from "./duration-between.ts";
import { scheduleExpression } from "./expression.ts";
import { timezone } from "./timezone.ts";

/** How long after its time Scheduler may start (`MaximumWindowInMinutes` of its `FlexibleTimeWindow`), in seconds. */
const window = durationBetween("1m", "24h").optional();

/** `days` after each month's second Tuesday, at a local time. No cron can say it: see `core/schedule/patch-day.ts`. */
const patchTuesdaySchema = z
  .strictObject({
    kind: z.literal("patch-tuesday"),
    plusDays: z.int().min(0).max(14),
    at: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'a time of day such as "03:00"' }),
    timezone,
    window,
  })
  .superRefine((schedule, issues) => {
    const skipped = issues.issues.length === 0 && findSkippedPatchDay(schedule);
    if (!skipped) return;
    const day = skipped.toISOString().slice(0, 10);
    const message = `a time that clocks in ${schedule.timezone} show on every patch day (they skip this one on ${day})`;
    issues.addIssue({ code: "custom", path: ["at"], input: schedule.at, message });
  });

/** An EventBridge Scheduler expression, `cron(...)` or `rate(...)`, in a time zone. */
const expressionSchema = z.strictObject({
  kind: z.literal("expression"),
  expression: scheduleExpression,
  timezone,
  window,
});

export const scheduleSchema = z.discriminatedUnion("kind", [patchTuesdaySchema, expressionSchema], {
  error: "patchTuesday({ plusDays, at, timezone, window }) or every(expression, { timezone, window })",
});

export type Schedule = z.output<typeof scheduleSchema>;

/**
 * A schedule `plusDays` (0 to 14) days after the second Tuesday of each month, at `at` (`HH:MM`) in `timezone`
 * (IANA; default UTC), or up to `window` (`"1m"` to `"24h"`) later, as it suits Scheduler.
 */
export const patchTuesday = (options: { plusDays: number; at: string; timezone?: string; window?: string }) => ({
  kind: "patch-tuesday" as const,
  ...options,
});

/**
 * A schedule by an EventBridge Scheduler expression: `every("rate(7 days)")`, `every("cron(0 3 ? * MON *)")`. A time
 * that clocks skip in spring is left out; one that they show twice in autumn comes once.
 */
export const every = (expression: string, options: { timezone?: string; window?: string } = {}) => ({
  kind: "expression" as const,
  expression,
  ...options,
});
