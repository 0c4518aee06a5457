import { parseExpression as parseInScheduler } from "embedded-aws/state";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InvalidExpression, parseCron, parseExpression } from "../../../core/schedule/cron.ts";
import { nextDates } from "../../../core/schedule/next-dates.ts";
import { nextByCalendar } from "./cron-calendar.ts";
import { cronText } from "./cron-text.ts";

const START = Date.UTC(2026, 0, 1);

const aMoment = fc
  .integer({ min: START / 60_000, max: Date.UTC(2036, 0, 1) / 60_000 })
  .map((minutes) => minutes * 60_000);

const expectedOf = (read: () => unknown): string | undefined => {
  try {
    read();
    return undefined;
  } catch (error) {
    if (error instanceof InvalidExpression) return error.expected;
    throw error;
  }
};

describe("a cron's times", () => {
  test("are those of a calendar searched minute by minute and day by day", () => {
    fc.assert(
      fc.property(cronText, aMoment, (text, moment) => {
        const calendar = nextByCalendar(text, moment);
        const refused = expectedOf(() => parseCron(text));
        if (refused) expect([text, refused, calendar]).toEqual([text, "a date that exists", undefined]);
        else expect([text, iso(parseCron(text).from(moment))]).toEqual([text, iso(calendar)]);
      }),
      {
        numRuns: 1_500,
        examples: [
          ["0 * ? FEB 5#5 */3", START],
          ["0 0 ? FEB 1#5 */7", START],
        ],
      },
    );
  });

  test("read backwards are those read forwards", () => {
    fc.assert(
      fc.property(cronText, aMoment, (text, moment) => {
        fc.pre(expectedOf(() => parseCron(text)) === undefined);
        const cron = parseCron(text);
        const first = cron.from(moment);
        if (first === undefined) return;
        const second = cron.from(first + 60_000);
        expect(cron.upTo(first)).toBe(first);
        if (second !== undefined) expect([text, iso(cron.upTo(second - 60_000))]).toEqual([text, iso(first)]);
      }),
      { numRuns: 500 },
    );
  });

  test("are those of the embedded Scheduler in any time zone, including clock changes", () => {
    const zones = fc.constantFrom("UTC", "Europe/Zurich", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata");
    fc.assert(
      fc.property(cronText, zones, aMoment, (text, zone, moment) => {
        fc.pre(expectedOf(() => parseCron(text)) === undefined && !/\*\/\d+$/.test(text));
        expect([text, zone, here(text, zone, moment)]).toEqual([text, zone, inScheduler(text, zone, moment)]);
      }),
      {
        numRuns: 1_000,
        examples: [
          ["30 2 * * ? *", "Europe/Zurich", Date.UTC(2026, 2, 27, 12)],
          ["30 2 * * ? *", "Europe/Zurich", Date.UTC(2026, 9, 24, 12)],
          ["15 2 4 OCT ? *", "Australia/Lord_Howe", START],
          ["0/30 * * * ? *", "America/New_York", Date.UTC(2026, 10, 1, 5)],
          ["0 0 29 2 ? *", "UTC", Date.UTC(2095, 0, 1)],
          ["0 0 L 2 ? *", "UTC", Date.UTC(2027, 0, 1)],
          ["0 0 1 1 ? 2027-2028", "UTC", Date.UTC(2026, 5, 1)],
        ],
      },
    );
  });

  test.each(["*/2", "*/3", "*/7"])("are also those of the embedded Scheduler in the years %s", (years) => {
    const text = `0 0 1 1 ? ${years}`;
    expect(here(text, "UTC", START)).toEqual(inScheduler(text, "UTC", START));
  });
});

/** The next five dates, as the config's reader sees them. */
const here = (text: string, timezone: string, moment: number): string[] =>
  nextDates({ kind: "expression", expression: `cron(${text})`, timezone }, new Date(moment), 5).map((date) =>
    date.toISOString(),
  );

/** The next five dates on which the embedded Scheduler would invoke. */
function inScheduler(text: string, zone: string, moment: number): string[] {
  const scheduler = parseInScheduler(`cron(${text})`, zone);
  const due: string[] = [];
  for (let next = scheduler.next(moment - 1, moment); next !== undefined && due.length < 5; ) {
    due.push(new Date(next).toISOString());
    next = scheduler.next(next, moment);
  }
  return due;
}

describe("a text that is not a cron expression", () => {
  const refused: [string, string][] = [
    ["0 3 * * *", "six fields"],
    ["0 3 ? * MON * *", "six fields"],
    ["0 3 * * MON *", '"?" in one of'],
    ["0 3 ? * ? *", '"?" in one of'],
    ["60 3 * * ? *", 'minutes from 0 to 59; lists "0,1", ranges "0-2", steps "0/2", "*" instead of "60"'],
    ["? 3 * * ? *", "minutes from 0 to 59"],
    ["0 24 * * ? *", "hours from 0 to 23"],
    ["0 20-4 * * ? *", "hours from 0 to 23"],
    ["0 */0 * * ? *", "hours from 0 to 23"],
    ["0 3 32 * ? *", "days of the month from 1 to 31"],
    ["0 3 0 * ? *", "days of the month from 1 to 31"],
    ["0 3 31W * ? *", '"15W" (1W to 28W)'],
    ["0 3 LW * ? *", '"L" (the last)'],
    ["0 3 L-3 * ? *", '"L" (the last)'],
    ["0 3 L,15 * ? *", '"L" (the last)'],
    ["0 3 1 13 ? *", "months from 1 to 12; JAN to DEC"],
    ["0 3 1 jan ? *", "months from 1 to 12; JAN to DEC"],
    ["0 3 ? * 0 *", "days of the week from 1 to 7; SUN to SAT"],
    ["0 3 ? * 8 *", "days of the week from 1 to 7"],
    ["0 3 ? * FRI-MON *", "days of the week from 1 to 7"],
    ["0 3 ? * 3#6 *", '"3#2" (the second Tuesday)'],
    ["0 3 ? * 3#1,6#3 *", '"3#2" (the second Tuesday)'],
    ["0 3 ? * MON-FRI#2 *", '"3#2" (the second Tuesday)'],
    ["0 3 1 * ? 1969", "years from 1970 to 2199"],
    ["0 3 1 * ? 2200", "years from 1970 to 2199"],
    ["0 3 1,,2 * ? *", 'instead of "1,,2"'],
    ["0 3 30 2 ? *", "a date that exists"],
    ["0 3 29 2 ? 2100", "a date that exists"],
  ];

  test.each(refused)("%s is refused with what would be valid", (text, expected) => {
    expect(expectedOf(() => parseCron(text))).toContain(expected);
  });

  test("an expression that the embedded Scheduler refuses is refused", () => {
    const pieces = fc.constantFrom(..."0 3 7 8 31 99 * ? L W # / - , MON JAN 1".split(" "));
    const field = fc.array(pieces, { minLength: 1, maxLength: 3 }).map((some) => some.join(""));
    fc.assert(
      fc.property(fc.array(field, { minLength: 6, maxLength: 6 }), (fields) => {
        const text = fields.join(" ");
        if (expectedOf(() => parseCron(text))) return;
        expect(() => parseInScheduler(`cron(${text})`, "UTC")).not.toThrow();
      }),
      { numRuns: 20_000 },
    );
  });
});

describe("a rate", () => {
  test.each(["rate(5 minutes)", "rate(1 hour)", "rate(30 days)"])("%s is one", (text) => {
    expect(parseExpression(text)).toMatchObject({ kind: "rate" });
  });

  test.each([
    "rate(0 days)",
    "rate(1 days)",
    "rate(2 day)",
    "rate(1.5 hours)",
    "rate(10 seconds)",
    "rate(1 week)",
    "rate( 1 day )",
    "rate(-1 day)",
  ])("%s is refused with examples", (text) => {
    expect(expectedOf(() => parseExpression(text))).toBe('"rate(7 days)", "rate(1 hour)" or "rate(30 minutes)"');
  });

  test.each(["", "monthly", "0 3 * * ? *", "at(2026-01-01T00:00:00)", "cron(0 3 * * ? *", " rate(1 day)"])(
    "%j is not an expression",
    (text) => {
      expect(expectedOf(() => parseExpression(text))).toBe('"cron(0 3 ? * MON *)" or "rate(7 days)"');
    },
  );
});

const iso = (wall: number | undefined): string | undefined =>
  wall === undefined ? undefined : new Date(wall).toISOString();
