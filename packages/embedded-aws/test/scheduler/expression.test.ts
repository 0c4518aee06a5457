import { describe, expect, it } from "vitest";
import { parseExpression } from "../../src/services/scheduler/expression.ts";

/** The next times after a moment, in UTC. */
function times(text: string, after: string, count: number, zone = "UTC"): string[] {
  const expression = parseExpression(text, zone);
  const found: string[] = [];
  let moment = Date.parse(after);
  for (let at = 0; at < count; at++) {
    const next = expression.next(moment, Date.parse(after));
    if (next === undefined) break;
    found.push(new Date(next).toISOString().slice(0, 16));
    moment = next;
  }
  return found;
}

describe("a cron", () => {
  const crons: [string, string, string[]][] = [
    [
      "the second Tuesday (3 = TUE)",
      "cron(0 17 ? * 3#2 *)",
      ["2026-01-13T17:00", "2026-02-10T17:00", "2026-03-10T17:00"],
    ],
    [
      "the second Tuesday by name",
      "cron(0 17 ? * TUE#2 *)",
      ["2026-01-13T17:00", "2026-02-10T17:00", "2026-03-10T17:00"],
    ],
    ["Sundays (1 = SUN)", "cron(0 3 ? * 1 *)", ["2026-01-04T03:00", "2026-01-11T03:00", "2026-01-18T03:00"]],
    ["weekdays by name", "cron(0 3 ? * MON-FRI *)", ["2026-01-01T03:00", "2026-01-02T03:00", "2026-01-05T03:00"]],
    ["the last day of the month", "cron(0 3 L * ? *)", ["2026-01-31T03:00", "2026-02-28T03:00", "2026-03-31T03:00"]],
    ["the last Friday", "cron(0 3 ? * 6L *)", ["2026-01-30T03:00", "2026-02-27T03:00", "2026-03-27T03:00"]],
    [
      "a bare L in the days of the week: Saturday",
      "cron(0 3 ? * L *)",
      ["2026-01-03T03:00", "2026-01-10T03:00", "2026-01-17T03:00"],
    ],
    [
      "the weekday nearest to the 15th",
      "cron(0 3 15W * ? *)",
      ["2026-01-15T03:00", "2026-02-16T03:00", "2026-03-16T03:00"],
    ],
    [
      "the weekday nearest to the 1st, not leaving the month",
      "cron(0 3 1W 8 ? *)",
      ["2026-08-03T03:00", "2027-08-02T03:00", "2028-08-01T03:00"],
    ],
    ["steps from a number on", "cron(5/25 3 1 * ? *)", ["2026-01-01T03:05", "2026-01-01T03:30", "2026-01-01T03:55"]],
    [
      "months by name, and lists",
      "cron(0 0,12 1 APR,OCT ? *)",
      ["2026-04-01T00:00", "2026-04-01T12:00", "2026-10-01T00:00"],
    ],
    ["leap days", "cron(0 0 29 2 ? *)", ["2028-02-29T00:00", "2032-02-29T00:00", "2036-02-29T00:00"]],
  ];

  it.each(crons)("means %s", (_, text, expected) => {
    expect(times(text, "2026-01-01T00:00:00Z", 3)).toEqual(expected);
  });

  it("ends with its last year", () => {
    expect(times("cron(0 0 1 1 ? 2027-2028)", "2026-01-01T00:00:00Z", 5)).toEqual([
      "2027-01-01T00:00",
      "2028-01-01T00:00",
    ]);
  });
});

describe("daylight saving in Zurich", () => {
  const nightly = "cron(30 2 * * ? *)";

  it("skips the night on 2026-03-29 when 02:30 does not exist", () => {
    expect(times(nightly, "2026-03-27T12:00:00Z", 3, "Europe/Zurich")).toEqual([
      "2026-03-28T01:30",
      "2026-03-30T00:30",
      "2026-03-31T00:30",
    ]);
  });

  it("runs once on 2026-10-25 when 02:30 comes twice", () => {
    expect(times(nightly, "2026-10-24T12:00:00Z", 2, "Europe/Zurich")).toEqual([
      "2026-10-25T00:30",
      "2026-10-26T01:30",
    ]);
  });

  it("keeps the hour on the wall before and after", () => {
    const march = times("cron(0 9 * * ? *)", "2026-03-28T00:00:00Z", 3, "Europe/Zurich");
    const october = times("cron(0 9 * * ? *)", "2026-10-24T00:00:00Z", 3, "Europe/Zurich");

    expect(march).toEqual(["2026-03-28T08:00", "2026-03-29T07:00", "2026-03-30T07:00"]);
    expect(october).toEqual(["2026-10-24T07:00", "2026-10-25T08:00", "2026-10-26T08:00"]);
  });

  it("does not change a rate: a day is 24 hours", () => {
    expect(times("rate(1 day)", "2026-03-28T10:00:00Z", 2, "Europe/Zurich")).toEqual([
      "2026-03-29T10:00",
      "2026-03-30T10:00",
    ]);
  });
});

const elsewhere: [string, string, string, string, string[]][] = [
  ["half an hour is skipped", "cron(15 2 4 OCT ? *)", "2026-01-01", "Australia/Lord_Howe", ["2027-10-03T15:15"]],
  [
    "an hour comes twice",
    "cron(30 1 1 NOV ? *)",
    "2026-11-01",
    "America/New_York",
    ["2026-11-01T05:30", "2027-11-01T05:30"],
  ],
  ["a century has no leap day", "cron(0 0 29 2 ? *)", "2097-01-01", "UTC", ["2104-02-29T00:00"]],
  ["February has 28 days", "cron(0 0 L 2 ? *)", "2027-01-01", "UTC", ["2027-02-28T00:00"]],
];

it.each(elsewhere)("where %s, %s comes once", (_, text, day, zone, expected) => {
  expect(times(text, `${day}T00:00:00Z`, expected.length, zone)).toEqual(expected);
});

describe("a moment", () => {
  it("comes once, on the clocks of its zone", () => {
    expect(times("at(2026-07-01T09:00:00)", "2026-01-01T00:00:00Z", 3, "America/New_York")).toEqual([
      "2026-07-01T13:00",
    ]);
  });
});

describe("an expression that AWS refuses", () => {
  const refused = [
    "cron(0 1 * * * *)",
    "cron(0 1 ? * ? *)",
    "cron(7 20 * * NOT *)",
    "cron(INVALID)",
    "cron(0 dummy ? * MON-FRI *)",
    "cron(71 8 1 * ? *)",
    "cron()",
    "cron(0 3 1 * ? 1969)",
    "rate(10 seconds)",
    "rate(10 years)",
    "rate()",
    "rate(10)",
    "rate(10 minutess)",
    "rate(foo minutes)",
    "rate(0 minutes)",
    "rate(-10 minutes)",
    "rate( 10 minutes )",
    " rate(10 minutes)",
    "at(2021-12-31T23:59:59Z)",
    "at(2021-12-31)",
    "at(2026-02-30T00:00:00)",
  ];

  it.each(refused)("%s is named in the refusal", (text) => {
    expect(() => parseExpression(text, "UTC")).toThrow(`Invalid Schedule Expression ${text}.`);
  });
});
