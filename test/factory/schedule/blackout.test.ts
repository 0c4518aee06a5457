import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Blackout, blackoutSchema } from "../../../core/factory/schedule-schema.ts";
import { activeBlackout, findNeverBuilt } from "../../../core/schedule/blackout.ts";

const blackout = (settings: object): Blackout => blackoutSchema.parse({ reason: "a freeze", ...settings });

const freeze = blackout({
  from: "2026-12-19T00:00",
  to: "2027-01-04T08:00",
  timezone: "Europe/Zurich",
  reason: "year-end freeze",
});
const weekends = blackout({ cron: "0 18 ? * FRI *", duration: "60h", timezone: "Europe/Zurich", reason: "weekend" });

const at = (blackouts: readonly Blackout[], instant: string, image = "base") => {
  const active = activeBlackout(blackouts, image, new Date(instant));
  return active && [active.reason, active.until.toISOString().slice(0, 16)];
};

describe("a blackout with a beginning and an end", () => {
  test("holds from its first moment up to its last, on the clocks of its zone", () => {
    expect(at([freeze], "2026-12-18T22:59:59Z")).toBeUndefined();
    expect(at([freeze], "2026-12-18T23:00:00Z")).toEqual(["year-end freeze", "2027-01-04T07:00"]);
    expect(at([freeze], "2027-01-04T06:59:59Z")).toEqual(["year-end freeze", "2027-01-04T07:00"]);
    expect(at([freeze], "2027-01-04T07:00:00Z")).toBeUndefined();
  });

  test("holds for the images it names, or for all", () => {
    const some = { ...freeze, images: ["web"] };
    expect(at([some], "2026-12-24T00:00:00Z", "web")).toBeDefined();
    expect(at([some], "2026-12-24T00:00:00Z", "base")).toBeUndefined();
  });

  test("begins and ends when clocks skip its time in spring", () => {
    const [begin, end] = [
      blackout({ from: "2026-03-29T02:30", to: "2026-03-29T12:00", timezone: "Europe/Zurich" }),
      blackout({ from: "2026-03-28T12:00", to: "2026-03-29T02:30", timezone: "Europe/Zurich" }),
    ];
    expect(at([begin], "2026-03-29T00:59:59Z")).toBeUndefined();
    expect(at([begin], "2026-03-29T01:00:00Z")).toEqual(["a freeze", "2026-03-29T10:00"]);
    expect(at([end], "2026-03-29T00:59:59Z")).toEqual(["a freeze", "2026-03-29T01:00"]);
  });

  test("begins the first and ends the last time that clocks show in autumn", () => {
    const night = blackout({ from: "2026-10-25T02:15", to: "2026-10-25T02:45", timezone: "Europe/Zurich" });
    expect(at([night], "2026-10-25T00:14:59Z")).toBeUndefined();
    expect(at([night], "2026-10-25T00:15:00Z")).toEqual(["a freeze", "2026-10-25T01:45"]);
    expect(at([night], "2026-10-25T01:44:59Z")).toEqual(["a freeze", "2026-10-25T01:45"]);
  });
});

describe("a recurring blackout", () => {
  test("holds for its duration from each time of its cron on", () => {
    expect(at([weekends], "2026-04-17T15:59:59Z")).toBeUndefined();
    expect(at([weekends], "2026-04-17T16:00:00Z")).toEqual(["weekend", "2026-04-20T04:00"]);
    expect(at([weekends], "2026-04-20T03:59:59Z")).toEqual(["weekend", "2026-04-20T04:00"]);
    expect(at([weekends], "2026-04-20T04:00:00Z")).toBeUndefined();
  });

  test("lasts as long as it says, however clocks change meanwhile", () => {
    expect(at([weekends], "2026-03-28T12:00:00Z")).toEqual(["weekend", "2026-03-30T05:00"]);
    expect(at([weekends], "2026-10-24T12:00:00Z")).toEqual(["weekend", "2026-10-26T04:00"]);
  });

  test("that begins while clocks are set forward begins then", () => {
    const nightly = blackout({ cron: "30 2 * * ? *", duration: "2h", timezone: "Europe/Zurich" });
    expect(at([nightly], "2026-03-29T00:59:00Z")).toBeUndefined();
    expect(at([nightly], "2026-03-29T01:00:00Z")).toEqual(["a freeze", "2026-03-29T03:00"]);
  });

  test("that begins while clocks are set back begins once, the first time", () => {
    const nightly = blackout({ cron: "30 2 * * ? *", duration: "20m", timezone: "Europe/Zurich" });
    expect(at([nightly], "2026-10-25T00:40:00Z")).toEqual(["a freeze", "2026-10-25T00:50"]);
    expect(at([nightly], "2026-10-25T01:40:00Z")).toBeUndefined();
    const long = blackout({ cron: "30 2 * * ? *", duration: "2h", timezone: "Europe/Zurich" });
    expect(at([long], "2026-10-25T01:10:00Z")).toEqual(["a freeze", "2026-10-25T02:30"]);
  });
});

describe("several blackouts", () => {
  test("that overlap or meet end together, and keep their reasons", () => {
    const audit = blackout({
      from: "2027-01-04T08:00",
      to: "2027-01-05T00:00",
      timezone: "Europe/Zurich",
      reason: "audit",
    });
    const far = blackout({
      from: "2027-01-05T00:01",
      to: "2027-01-06T00:00",
      timezone: "Europe/Zurich",
      reason: "far",
    });

    expect(at([audit, far, freeze], "2026-12-24T00:00:00Z")).toEqual(["year-end freeze; audit", "2027-01-04T23:00"]);
    expect(at([weekends, freeze], "2026-12-18T20:00:00Z")).toEqual(["weekend; year-end freeze", "2027-01-04T07:00"]);
  });

  test("of one rule on every weekday are one until Saturday", () => {
    const workdays = blackout({ cron: "0 0 ? * MON-FRI *", duration: "24h" });
    expect(at([workdays], "2026-04-14T12:00:00Z")).toEqual(["a freeze", "2026-04-18T00:00"]);
    expect(at([workdays], "2026-04-18T00:00:00Z")).toBeUndefined();
  });

  test("are over at the first moment that, asked minute by minute, none of them covers", () => {
    const start = Date.UTC(2026, 9, 20) / 60_000;
    const minute = fc.integer({ min: start, max: start + 10 * 24 * 60 });
    const local = (minutes: number) => new Date(minutes * 60_000).toISOString().slice(0, 16);
    const once = fc
      .tuple(minute, fc.integer({ min: 1, max: 2_000 }))
      .map(([from, length]) => blackout({ from: local(from), to: local(from + length), reason: "once" }));
    const daily = fc
      .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom("MON,WED", "FRI", "*"), fc.integer({ min: 1, max: 23 }))
      .map(([hour, days, hours]) =>
        blackout({ cron: `0 ${hour} ? * ${days} *`, duration: `${hours}h`, reason: "daily" }),
      );
    fc.assert(
      fc.property(fc.array(fc.oneof(once, daily), { minLength: 1, maxLength: 3 }), minute, (blackouts, now) => {
        let free = now;
        while (blackouts.some((one) => isCovered(one, free)) && free < now + 3 * 24 * 60) free++;
        const active = activeBlackout(blackouts, "base", new Date(now * 60_000));
        if (free === now) expect(active).toBeUndefined();
        else if (free < now + 3 * 24 * 60)
          expect(active?.until.toISOString()).toBe(new Date(free * 60_000).toISOString());
        else expect(active?.until.getTime()).toBeGreaterThanOrEqual(free * 60_000);
      }),
      { numRuns: 100 },
    );
  });
});

/** Whether a blackout in UTC covers a minute, by trying each minute that may have started it. */
function isCovered(one: Blackout, minute: number): boolean {
  const text = (minutes: number) => new Date(minutes * 60_000).toISOString().slice(0, 16);
  if ("from" in one) return one.from <= text(minute) && text(minute) < one.to;
  const [, hour, , , days] = one.cron.split(" ");
  for (let begun = minute; begun > minute - one.duration / 60; begun--) {
    const date = new Date(begun * 60_000);
    const day = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"][date.getUTCDay()] ?? "";
    if (date.getUTCMinutes() === 0 && date.getUTCHours() === Number(hour) && (days === "*" || days?.includes(day)))
      return true;
  }
  return false;
}

describe("blackouts that leave no pause", () => {
  test("are found, alone or together, for the images that they hold for", () => {
    const workdays = blackout({ cron: "0 0 ? * MON-FRI *", duration: "24h" });
    const sundays = blackout({ cron: "0 0 ? * SAT *", duration: "48h", images: ["web"] });

    expect(findNeverBuilt([blackout({ cron: "0 * * * ? *", duration: "1h" })], ["base"])).toEqual(["base"]);
    expect(findNeverBuilt([workdays, sundays], ["base", "web"])).toEqual(["web"]);
    expect(findNeverBuilt([weekends, freeze], ["base", "web"])).toEqual([]);
  });

  test("still answer when asked", () => {
    const always = blackout({ cron: "* * * * ? *", duration: "1h" });
    expect(at([always], "2026-04-14T12:00:00Z")).toBeDefined();
  });
});
