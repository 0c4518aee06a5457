import fc from "fast-check";
import { expect, test } from "vitest";
import { findSkippedPatchDay, isPatchDay, patchDayCron } from "../../../core/schedule/patch-day.ts";

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

test("a time that clocks skip on a patch day to come is found, with the day", () => {
  const found = (...settings: Parameters<typeof schedule>) => findSkippedPatchDay(schedule(...settings))?.toISOString();

  expect(found(5, "02:30", "America/New_York")).toBe("2027-03-14T02:30:00.000Z");
  expect(found(12, "02:00", "Europe/Zurich")).toBe("2028-03-26T02:00:00.000Z");
  expect(found(5, "03:00", "America/New_York")).toBeUndefined();
  expect(found(1, "02:30", "America/New_York")).toBeUndefined();
  expect(found(12, "02:30")).toBeUndefined();
});

test("a time is called skipped only where a day-by-day search finds it missing", () => {
  const zones = ["America/New_York", "Europe/Zurich", "Australia/Lord_Howe", "America/Santiago"];
  for (const zone of zones) {
    for (const plusDays of [1, 5, 12]) {
      for (const at of ["00:30", "02:15"]) {
        const skipped = findSkippedPatchDay(schedule(plusDays, at, zone));
        expect([zone, plusDays, at, skipped?.toISOString()]).toEqual([
          zone,
          plusDays,
          at,
          searchSkipped(zone, plusDays, at),
        ]);
      }
    }
  }
});

/** Asks every quarter of an hour of a patch day what the clocks show. */
function searchSkipped(zone: string, plusDays: number, at: string): string | undefined {
  const format = clocks(zone);
  for (let year = 2026; year < 2054; year++) {
    for (let month = 0; month < 12; month++) {
      const tuesdays = Array.from({ length: 31 }, (_, n) => Date.UTC(year, month, n + 1)).filter(
        (day) => new Date(day).getUTCDay() === 2,
      );
      const patchDay = new Date((tuesdays[1] ?? 0) + plusDays * 86_400_000).toISOString().slice(0, 10);
      const shown = `${patchDay} ${at}`;
      const around = Date.parse(`${patchDay}T${at}Z`);
      // No zone is more than 14 hours off; the clocks of these ones less than 12.
      const moments = Array.from({ length: 4 * 24 + 1 }, (_, quarter) => around + (quarter - 4 * 12) * 900_000);
      if (!moments.some((moment) => format(moment) === shown)) return `${patchDay}T${at}:00.000Z`;
    }
  }
  return undefined;
}

function clocks(zone: string): (moment: number) => string {
  const format = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "short" });
  return (moment) => format.format(moment);
}
