import * as z from "zod";

const timezone = z
  .string()
  .refine(isTimezone, { error: 'an IANA time zone such as "Europe/Zurich" or "UTC"' })
  .default("UTC");

/** `days` after each month's second Tuesday, at a local time. No cron can say it: see `core/patch-day.ts`. */
const patchTuesdaySchema = z.strictObject({
  kind: z.literal("patch-tuesday"),
  plusDays: z.int().min(0).max(14),
  at: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'a time of day such as "03:00"' }),
  timezone,
});

/** An EventBridge Scheduler expression, `cron(...)` or `rate(...)`, in a time zone. */
const expressionSchema = z.strictObject({
  kind: z.literal("expression"),
  expression: z.string().regex(/^(cron|rate)\(.+\)$/, { error: '"cron(0 3 ? * MON *)" or "rate(7 days)"' }),
  timezone,
});

export const scheduleSchema = z.discriminatedUnion("kind", [patchTuesdaySchema, expressionSchema], {
  error: "patchTuesday({ plusDays, at, timezone }) or every(expression, { timezone })",
});

export type PatchTuesday = z.output<typeof patchTuesdaySchema>;

/**
 * A schedule `plusDays` (0 to 14) days after the second Tuesday of each month, at `at` (`HH:MM`) in `timezone`
 * (IANA; default UTC).
 */
export const patchTuesday = (options: { plusDays: number; at: string; timezone?: string }) => ({
  kind: "patch-tuesday" as const,
  ...options,
});

/** A schedule by an EventBridge Scheduler expression: `every("rate(7 days)")`, `every("cron(0 3 ? * MON *)")`. */
export const every = (expression: string, options: { timezone?: string } = {}) => ({
  kind: "expression" as const,
  expression,
  ...options,
});

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
