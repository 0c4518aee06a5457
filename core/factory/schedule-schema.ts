import * as z from "zod";
import { InvalidExpression, parseCron } from "../schedule/cron.ts";
import { parseExpression } from "../schedule/expression.ts";
import { findSkippedPatchDay } from "../schedule/patch-day.ts";
import { firstMoment, lastMoment, toWallTime } from "../schedule/wall-clock.ts";
import { duration, nameSchema } from "./values.ts";

/** `cron(0 3 ? * MON *)` or `rate(7 days)`, as EventBridge Scheduler reads them. */
const scheduleExpression = readBy(parseExpression);

/** A cron's six fields, as EventBridge Scheduler reads them, e.g. `0 18 ? * FRI *`. */
const cronFields = readBy(parseCron);

function readBy(read: (text: string) => unknown) {
  return z.string().superRefine((text, issues) => {
    try {
      read(text);
    } catch (error) {
      if (!(error instanceof InvalidExpression)) throw error;
      issues.addIssue({ code: "custom", input: text, message: error.expected });
    }
  });
}

/** A duration from `least` to `most`, both as people write them, in seconds once parsed. */
function durationBetween(least: string, most: string) {
  const [from, to] = [duration.parse(least), duration.parse(most)];
  return z
    .string()
    .superRefine((text, issues) => {
      const { data: seconds } = duration.safeParse(text);
      if (seconds === undefined || (seconds >= from && seconds <= to)) return;
      issues.addIssue({ code: "custom", input: text, message: `from "${least}" to "${most}"` });
    })
    .pipe(duration);
}

/** An IANA time zone; UTC where the config says none. */
const timezone = z
  .string()
  .refine(isTimezone, { error: 'an IANA time zone such as "Europe/Zurich" or "UTC"' })
  .default("UTC");

/** JavaScript takes offsets such as `+02:00` and any mix of capitals, too; EventBridge Scheduler takes names. */
function isTimezone(name: string): boolean {
  try {
    const { timeZone } = new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions();
    const otherCapitals = timeZone !== name && timeZone.toLowerCase() === name.toLowerCase();
    return /^[A-Za-z]/.test(name) && !otherCapitals;
  } catch {
    return false;
  }
}

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

const localTime = z.string().refine((text) => toWallTime(text) !== undefined, {
  error: 'a date and a time of day such as "2026-12-19T08:00"',
});

const common = {
  timezone,
  /** Whose builds wait; all images', where left out. */
  images: z.array(nameSchema).min(1).optional(),
  reason: z.string().min(1).max(200),
};

/** Once: from a time on the wall up to another, exclusive. */
const onceSchema = z
  .strictObject({ from: localTime, to: localTime, ...common })
  .superRefine(({ from, to, timezone: zone }, issues) => {
    if (issues.issues.length > 0) return;
    const [first = 0, last = 0] = [toWallTime(from), toWallTime(to)];
    if (firstMoment(first, zone) < lastMoment(last, zone)) return;
    issues.addIssue({ code: "custom", path: ["to"], input: to, message: `a time after its from, "${from}"` });
  });

/** Again and again: from each time of a cron (six fields, as EventBridge Scheduler's) on for as long as `duration`. */
export const recurringSchema = z.strictObject({
  cron: cronFields,
  duration: durationBetween("1m", "31d"),
  ...common,
});

/** When no build of some images starts by itself: what triggers one meanwhile waits. People may ask at any time. */
export const blackoutSchema = z.union([onceSchema, recurringSchema], {
  error:
    '{ from: "2026-12-19T00:00", to: "2027-01-04T08:00", timezone, images, reason } or ' +
    '{ cron: "0 18 ? * FRI *", duration: "60h", timezone, images, reason } (timezone and images may be left out)',
});

export type Blackout = z.output<typeof blackoutSchema>;
