import fc from "fast-check";
import { expect, test } from "vitest";
import { isPatchDay, patchDayCron } from "../../core/patch-day.ts";

const schedule = (plusDays: number, at = "03:00", timezone = "UTC") => ({
  kind: "patch-tuesday" as const,
  plusDays,
  at,
  timezone,
});

test("the day after Patch Tuesday in April 2026 is the 15th, not the second Wednesday", () => {
  const day = (date: number) => isPatchDay(schedule(1), new Date(Date.UTC(2026, 3, date, 3)));
  expect([8, 9, 14, 15, 16].map(day)).toEqual([false, false, false, true, false]);
});

test("the date is the schedule's time zone's, not UTC's", () => {
  const auckland = schedule(1, "03:00", "Pacific/Auckland");
  expect(isPatchDay(auckland, new Date("2026-04-14T15:00:00Z"))).toBe(true);
  expect(isPatchDay(schedule(1), new Date("2026-04-14T15:00:00Z"))).toBe(false);
});

test("the cron runs on the seven dates that can be patch day, at the time asked for", () => {
  expect(patchDayCron(schedule(1))).toBe("cron(0 3 9-15 * ? *)");
  expect(patchDayCron(schedule(14, "23:30"))).toBe("cron(30 23 22-28 * ? *)");
});

test("in every month exactly one of the cron's dates is patch day", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2020, max: 2100 }),
      fc.integer({ min: 0, max: 11 }),
      fc.integer({ min: 0, max: 14 }),
      (year, month, plusDays) => {
        const dates = Array.from({ length: 7 }, (_, n) => new Date(Date.UTC(year, month, 8 + plusDays + n, 3)));
        const patchDays = dates.filter((date) => isPatchDay(schedule(plusDays), date));
        expect(patchDays).toHaveLength(1);
        expect(patchDays[0]?.getUTCDay()).toBe((2 + plusDays) % 7);
      },
    ),
  );
});
