import { describe, expect, test } from "vitest";
import { defineFactory } from "../../../core/factory/define-factory.ts";
import { every, patchTuesday } from "../../../core/factory/schedule-schema.ts";
import { configWith, faultsIn } from "../faults.ts";

const factoryWith = (changes: object, schedule?: object) =>
  defineFactory(configWith(changes, { triggers: schedule ? { schedule } : {} }));

const faultsOf = (changes: object, schedule?: object) => faultsIn(() => factoryWith(changes, schedule));

describe("a schedule", () => {
  test("may start within a window, which becomes seconds", () => {
    const night = patchTuesday({ plusDays: 1, at: "03:00", window: "30m" });
    expect(factoryWith({}, night).images.base?.triggers.schedule).toMatchObject({ window: 1_800, timezone: "UTC" });
    expect(factoryWith({}, every("rate(7 days)", { window: "24h" })).images.base?.triggers.schedule).toMatchObject({
      window: 86_400,
    });
  });

  const zone = 'timezone: expected an IANA time zone such as "Europe/Zurich" or "UTC"';
  test.each(
    Object.entries<[object, ...string[]]>({
      "a window of nothing": [
        every("rate(7 days)", { window: "0m" }),
        `window: expected from "1m" to "24h", found "0m"`,
      ],
      "a window too long": [
        every("rate(7 days)", { window: "25h" }),
        `window: expected from "1m" to "24h", found "25h"`,
      ],
      "a window in no unit": [
        every("rate(7 days)", { window: "30" }),
        `window: expected a duration such as "30m", "24h" or "3d", found "30"`,
      ],
      "no expression": [
        every("@daily"),
        `expression: expected "cron(0 3 ? * MON *)" or "rate(7 days)", found "@daily"`,
      ],
      "no date": [every("cron(0 3 31 2 ? *)"), `expression: expected a date that exists, found "cron(0 3 31 2 ? *)"`],
      "an offset as a zone": [every("rate(1 day)", { timezone: "+02:00" }), `${zone}, found "+02:00"`],
      "a zone in other capitals": [
        every("rate(1 day)", { timezone: "europe/zurich" }),
        `${zone}, found "europe/zurich"`,
      ],
      "a patch night that clocks skip one day": [
        patchTuesday({ plusDays: 5, at: "02:30", timezone: "America/New_York" }),
        `at: expected a local time that exists on every patch day: clocks in America/New_York skip this one on 2027-03-14, found "02:30"`,
      ],
      "a time and a zone that are none": [
        patchTuesday({ plusDays: 5, at: "24:00", timezone: "Nowhere" }),
        `at: expected a time of day such as "03:00", found "24:00"`,
        `${zone}, found "Nowhere"`,
      ],
      "neither kind": [
        { kind: "weekly" },
        `kind: expected patchTuesday({ plusDays, at, timezone, window }) or every(expression, { timezone, window }), found "weekly"`,
      ],
    }),
  )("with %s is refused with what would be valid", (_, [schedule, ...faults]) => {
    expect(faultsOf({}, schedule)).toEqual(faults.map((fault) => `images.base.triggers.schedule.${fault}`));
  });
});

describe("a blackout", () => {
  const freeze = { from: "2026-12-19T00:00", to: "2027-01-04T08:00", timezone: "Europe/Zurich", reason: "freeze" };
  const weekend = { cron: "0 18 ? * FRI *", duration: "60h", images: ["base"], reason: "weekend" };

  test("is once or recurring, in UTC where it names no zone", () => {
    expect(factoryWith({ blackouts: [freeze, weekend] }).blackouts).toEqual([
      freeze,
      { ...weekend, duration: 216_000, timezone: "UTC" },
    ]);
    expect(factoryWith({}).blackouts).toEqual([]);
  });

  const forms = /^blackouts\[0\]: expected \{ from: .* \} or \{ cron: .* \} .*, found \{/;
  test.each(
    Object.entries<[object, string | RegExp]>({
      "no date": [
        { ...freeze, from: "2026-02-30T00:00" },
        'blackouts[0].from: expected a date and a time of day such as "2026-12-19T08:00", found "2026-02-30T00:00"',
      ],
      "a date alone": [
        { ...freeze, to: "2027-01-04" },
        'blackouts[0].to: expected a date and a time of day such as "2026-12-19T08:00", found "2027-01-04"',
      ],
      "an end before its beginning": [
        { ...freeze, to: "2026-12-18T00:00" },
        'blackouts[0].to: expected a time after from, "2026-12-19T00:00", found "2026-12-18T00:00"',
      ],
      "a bad zone": [
        { ...freeze, timezone: "Zurich" },
        'blackouts[0].timezone: expected an IANA time zone such as "Europe/Zurich" or "UTC", found "Zurich"',
      ],
      "an image that does not exist": [
        { ...freeze, images: ["bsae"] },
        'blackouts[0].images[0]: expected one of "base", found "bsae"',
      ],
      "no images": [{ ...freeze, images: [] }, "blackouts[0].images: expected at least 1 item, found []"],
      "a duration too long": [
        { ...weekend, duration: "32d" },
        'blackouts[0].duration: expected from "1m" to "31d", found "32d"',
      ],
      "a bad cron": [
        { ...weekend, cron: "0 18 ? * FRI" },
        'blackouts[0].cron: expected six fields (minutes, hours, days of the month, months, days of the week, years): "cron(0 3 ? * MON *)", found "0 18 ? * FRI"',
      ],
      "no pause": [
        { ...weekend, cron: "0 0 ? * * *", duration: "1d" },
        'blackouts: expected a time without a blackout within a year, found none for "base", which would never be built',
      ],
      "no reason": [{ from: freeze.from, to: freeze.to }, forms],
      "parts of both": [{ ...freeze, cron: "0 0 ? * * *" }, "blackouts[0].cron: unknown key; use one of images"],
      nothing: [{}, forms],
    }),
  )("with %s is refused with what would be valid", (_, [blackout, fault]) => {
    const faults = faultsOf({ blackouts: [blackout] });
    expect(faults).toHaveLength(1);
    if (fault instanceof RegExp) expect(faults[0]).toMatch(fault);
    else expect(faults[0]).toBe(fault);
  });
});
