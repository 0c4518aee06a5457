import * as z from "zod";
import { firstMoment, lastMoment, toWallTime } from "../schedule/wall-clock.ts";
import { durationBetween } from "./duration-between.ts";
import { cronFields } from "./expression.ts";
import { nameSchema } from "./name-schema.ts";
import { timezone } from "./timezone.ts";

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
const recurringSchema = z.strictObject({
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
