import * as z from "zod";
import { InvalidExpression, parseCron, parseExpression } from "../schedule/cron.ts";
import { findSkippedPatchDay } from "../schedule/patch-day.ts";
import { firstMoment, lastMoment, toWallTime } from "../schedule/wall-clock.ts";
import { durationBetween, nameSchema } from "./values.ts";

/** `cron(0 3 ? * MON *)` or `rate(7 days)`, as EventBridge Scheduler reads them. */
const scheduleExpression = readBy(parseExpression, '"cron(0 3 ? * MON *)" or "rate(7 days)"');

/** A cron's six fields, as EventBridge Scheduler reads them, e.g. `0 18 ? * FRI *`. */
const cronFields = readBy(parseCron, 'six fields of a cron such as "0 18 ? * FRI *"');

/** @param general what is valid, where no text is at hand to say what is wrong with it */
function readBy(read: (text: string) => unknown, general: string) {
  const explain = (text: string): string | undefined => {
    try {
      read(text);
      return undefined;
    } catch (error) {
      if (!(error instanceof InvalidExpression)) throw error;
      return error.expected;
    }
  };
  return z.string().refine((text) => explain(text) === undefined, {
    error: ({ input }) => (typeof input === "string" ? explain(input) : undefined) ?? general,
  });
}

/** An IANA time zone. */
const timezone = z
  .string()
  .refine(isTimezone, { error: 'an IANA time zone such as "Europe/Zurich" or "UTC"' })
  .default("UTC");

/** JavaScript also accepts offsets such as `+02:00` and any case; EventBridge Scheduler accepts names only. */
function isTimezone(name: string): boolean {
  try {
    const { timeZone } = new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions();
    const otherCapitals = timeZone !== name && timeZone.toLowerCase() === name.toLowerCase();
    return /^[A-Za-z]/.test(name) && !otherCapitals;
  } catch {
    return false;
  }
}

const scheduled = {
  /**
   * Time zone of the schedule.
   * @example "Europe/Zurich"
   */
  timezone,
  /**
   * How much later than its time EventBridge Scheduler may start the build (`MaximumWindowInMinutes`).
   * @defaultValue exactly at its time
   * @example "30m"
   */
  window: durationBetween("1m", "24h").optional(),
};

/** No cron can express days after the second Tuesday: see `core/schedule/patch-day.ts`. */
const patchTuesdaySchema = z
  .strictObject({
    /**
     * A number of days after each month's second Tuesday. The function `patchTuesday` sets this key.
     * @example "patch-tuesday"
     */
    kind: z.literal("patch-tuesday"),
    /**
     * Days after the second Tuesday of the month.
     * @example 1
     */
    plusDays: z.int().min(0).max(14),
    /**
     * Local time of day.
     * @example "03:00"
     */
    at: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'a time of day such as "03:00"' }),
    ...scheduled,
  })
  .superRefine((schedule, issues) => {
    const skipped = issues.issues.length === 0 && findSkippedPatchDay(schedule);
    if (!skipped) return;
    const day = skipped.toISOString().slice(0, 10);
    const message = `a local time that exists on every patch day: clocks in ${schedule.timezone} skip this one on ${day}`;
    issues.addIssue({ code: "custom", path: ["at"], input: schedule.at, message });
  });

const expressionSchema = z.strictObject({
  /**
   * An EventBridge Scheduler expression. The function `every` sets this key.
   * @example "expression"
   */
  kind: z.literal("expression"),
  /**
   * `cron(...)` with six fields, or `rate(...)`.
   * @example "cron(0 3 ? * MON *)"
   */
  expression: scheduleExpression,
  ...scheduled,
});

export const scheduleSchema = z.discriminatedUnion("kind", [patchTuesdaySchema, expressionSchema], {
  error: "patchTuesday({ plusDays, at, timezone, window }) or every(expression, { timezone, window })",
});

export type Schedule = z.output<typeof scheduleSchema>;

/** A schedule that starts `plusDays` days after the second Tuesday of each month. */
export const patchTuesday = (options: Omit<z.input<typeof patchTuesdaySchema>, "kind">) => ({
  kind: "patch-tuesday" as const,
  ...options,
});

/**
 * A schedule by an EventBridge Scheduler expression: `every("rate(7 days)")`, `every("cron(0 3 ? * MON *)")`. A local time
 * that clocks skip in spring starts nothing; one that occurs twice in autumn starts one build.
 */
export const every = (
  expression: string,
  options: Omit<z.input<typeof expressionSchema>, "kind" | "expression"> = {},
) => ({ kind: "expression" as const, expression, ...options });

const localTime = z.string().refine((text) => toWallTime(text) !== undefined, {
  error: 'a date and a time of day such as "2026-12-19T08:00"',
});

const common = {
  /**
   * Time zone of the local times or the cron.
   * @example "Europe/Zurich"
   */
  timezone,
  /**
   * Images whose builds wait.
   * @defaultValue all images
   * @example ["al2023-base"]
   */
  images: z.array(nameSchema).min(1).optional(),
  /**
   * Why; shown by `amint why` and `amint triggers`.
   * @example "end-of-year freeze"
   */
  reason: z.string().min(1).max(200),
};

const onceSchema = z
  .strictObject({
    /**
     * When the blackout begins, in local time.
     * @example "2026-12-19T00:00"
     */
    from: localTime,
    /**
     * When it ends, exclusive, in local time.
     * @example "2027-01-04T08:00"
     */
    to: localTime,
    ...common,
  })
  .superRefine(({ from, to, timezone: zone }, issues) => {
    if (issues.issues.length > 0) return;
    const [first = 0, last = 0] = [toWallTime(from), toWallTime(to)];
    if (firstMoment(first, zone) < lastMoment(last, zone)) return;
    issues.addIssue({ code: "custom", path: ["to"], input: to, message: `a time after from, "${from}"` });
  });

export const recurringSchema = z.strictObject({
  /**
   * When it begins, each time: six fields as EventBridge Scheduler reads them (minutes, hours, day of month, month, day of
   * week, year).
   * @example "0 18 ? * FRI *"
   */
  cron: cronFields,
  /**
   * How long it lasts, each time.
   * @example "60h"
   */
  duration: durationBetween("1m", "31d"),
  ...common,
});

/** When builds do not start by themselves: triggers wait until the end. Requested builds start at any time. */
export const blackoutSchema = z.union([onceSchema, recurringSchema], {
  error:
    '{ from: "2026-12-19T00:00", to: "2027-01-04T08:00", timezone, images, reason } or ' +
    '{ cron: "0 18 ? * FRI *", duration: "60h", timezone, images, reason } (timezone and images are optional)',
});

export type Blackout = z.output<typeof blackoutSchema>;
