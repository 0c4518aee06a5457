import type { Operation } from "embedded-aws";
import { ACCOUNT, newEvents, REGION, START } from "embedded-aws/testing/events";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { every, patchTuesday, scheduleSchema } from "../../../core/factory/schedule-schema.ts";
import { expressionOf, nextDates } from "../../../core/schedule/next-dates.ts";
import { findSkippedPatchDay, isPatchDay, patchDayCron } from "../../../core/schedule/patch-day.ts";

const patchNight = (timezone: string, plusDays: number, at: string) =>
  scheduleSchema.parse(patchTuesday({ plusDays, at, timezone }));

/** The next dates of an expression as UTC to the minute. */
const next = (expression: string, from: string, count: number, timezone = "UTC"): string[] =>
  nextDates(scheduleSchema.parse(every(expression, { timezone })), new Date(from), count).map((date) =>
    date.toISOString().slice(0, 16),
  );

describe("patch night", () => {
  test("is in every month of 2024 to 2035 the night that a calendar read from its first day on says", () => {
    for (const plusDays of [0, 1, 7, 13, 14]) {
      const dates = nextDates(patchNight("UTC", plusDays, "03:00"), new Date("2024-01-01T00:00:00Z"), 144);
      const expected = Array.from({ length: 144 }, (_, month) => secondTuesday(2024, month) + plusDays * 86_400_000);
      expect(dates.map((date) => date.getTime() - 3 * 3_600_000)).toEqual(expected);
    }
  });

  test("is Microsoft's published Patch Tuesdays plus one", () => {
    const published = "2025-12-09 2026-01-13 2026-02-10 2026-03-10 2026-04-14 2026-05-12 2026-06-09".split(" ");
    const dates = nextDates(patchNight("UTC", 1, "03:00"), new Date("2025-12-01T00:00:00Z"), 7);
    expect(dates.map((date) => new Date(date.getTime() - 86_400_000).toISOString().slice(0, 10))).toEqual(published);
  });

  test("keeps its hour on the wall through summer and winter", () => {
    const dates = nextDates(patchNight("Europe/Zurich", 1, "03:00"), new Date("2026-03-01T00:00:00Z"), 9);
    const shown = "03-11T02 04-15T01 05-13T01 06-10T01 07-15T01 08-12T01 09-09T01 10-14T01 11-11T02".split(" ");
    expect(dates.map((date) => date.toISOString().slice(5, 16))).toEqual(shown.map((hour) => `${hour}:00`));
  });

  test("is a date in its own time zone on either side of the date line", () => {
    const first = (zone: string) => nextDates(patchNight(zone, 0, "00:15"), new Date("2026-04-01T00:00:00Z"), 1);
    expect(first("Pacific/Kiritimati")).toEqual([new Date("2026-04-13T10:15:00Z")]);
    expect(first("Pacific/Pago_Pago")).toEqual([new Date("2026-04-14T11:15:00Z")]);
  });

  test("comes once a month in any zone, on its weekday, at its time", () => {
    const zones = fc.constantFrom(...Intl.supportedValuesOf("timeZone"));
    const hour = fc.integer({ min: 4, max: 23 });
    fc.assert(
      fc.property(
        zones,
        fc.integer({ min: 0, max: 14 }),
        hour,
        fc.integer({ min: 2024, max: 2060 }),
        (zone, plusDays, at, year) => {
          const time = `${String(at).padStart(2, "0")}:00`;
          const dates = nextDates(patchNight(zone, plusDays, time), new Date(Date.UTC(year, 0, 3)), 12);
          const shown = new Intl.DateTimeFormat("en-GB", {
            timeZone: zone,
            weekday: "short",
            month: "numeric",
            hour: "2-digit",
          });
          const parts = dates.map((date) => shown.formatToParts(date));
          const of = (type: string) => parts.map((some) => some.find((part) => part.type === type)?.value);
          expect(of("month")).toEqual(["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"]);
          expect(new Set(of("hour"))).toEqual(new Set([time.slice(0, 2)]));
          const weekday = ["Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "Mon"][plusDays % 7];
          expect(new Set(of("weekday"))).toEqual(new Set([weekday]));
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe("a cron", () => {
  test("begins with a date that is just now", () => {
    expect(next("cron(0 3 * * ? *)", "2026-04-01T03:00:00Z", 2)).toEqual(["2026-04-01T03:00", "2026-04-02T03:00"]);
    expect(next("cron(0 3 * * ? *)", "2026-04-01T03:00:00.001Z", 1)).toEqual(["2026-04-02T03:00"]);
  });
});

test("a rate counts from the moment it is created, in hours that no clock change stretches", () => {
  expect(next("rate(1 day)", "2026-03-28T10:00:00Z", 3, "Europe/Zurich")).toEqual([
    "2026-03-28T10:00",
    "2026-03-29T10:00",
    "2026-03-30T10:00",
  ]);
});

/** Reads a calendar by hand: from the 1st on, counting Tuesdays. `month` counts on from January of `year`. */
function secondTuesday(year: number, month: number): number {
  let tuesdays = 0;
  for (let day = 1; ; day++) {
    const date = Date.UTC(year, month, day);
    if (new Intl.DateTimeFormat("en", { weekday: "long", timeZone: "UTC" }).format(date) === "Tuesday") tuesdays++;
    if (tuesdays === 2) return date;
  }
}

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

test("a patch night late in the evening stays one when its window lets it begin after midnight", async () => {
  const schedule = scheduleSchema.parse(
    patchTuesday({ plusDays: 1, at: "23:50", timezone: "Europe/Zurich", window: "2h" }),
  );
  if (schedule.kind !== "patch-tuesday") throw new Error("not a patch night");
  const invocations: { readonly at: Date; readonly scheduledTime: Date }[] = [];
  const Invoke: Operation<{ Payload: Uint8Array }> = {
    run({ Payload }, { aws }) {
      const { scheduledTime } = JSON.parse(Buffer.from(Payload).toString());
      invocations.push({ at: new Date(aws.clock.now()), scheduledTime: new Date(scheduledTime) });
      return {};
    },
  };
  const { clock, scheduler } = newEvents({ lambda: { Invoke: Invoke as Operation } });

  await scheduler("CreateSchedule", {
    Name: "build-base",
    ScheduleExpression: expressionOf(schedule),
    ScheduleExpressionTimezone: schedule.timezone,
    FlexibleTimeWindow: { Mode: "FLEXIBLE", MaximumWindowInMinutes: (schedule.window ?? 0) / 60 },
    Target: {
      Arn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:start-build`,
      RoleArn: `arn:aws:iam::${ACCOUNT}:role/acme-schedules`,
      Input: '{"scheduledTime":"<aws.scheduler.scheduled-time>"}',
    },
  });
  await clock.runUntil(START + 365 * 24 * 3_600_000);

  const nights = invocations.filter(({ scheduledTime }) => isPatchDay(schedule, scheduledTime));
  expect(invocations).toHaveLength(12 * 7);
  expect(nights.map(({ scheduledTime }) => scheduledTime)).toEqual(nextDates(schedule, new Date(START), 12));
  const late = ({ at, scheduledTime }: (typeof nights)[number]) => at.getTime() - scheduledTime.getTime();
  expect(invocations.every((invocation) => late(invocation) >= 0 && late(invocation) < 2 * 3_600_000)).toBe(true);
  expect(nights.filter(({ at }) => !isPatchDay(schedule, at)).length).toBeGreaterThan(6);
});
