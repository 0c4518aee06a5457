import { describe, expect, it } from "vitest";
import { parseFilterPattern } from "../../src/services/logs/filter-events.ts";

const LINES = [
  "[ERROR 400] BAD REQUEST",
  "[ERROR 401] UNAUTHORIZED REQUEST",
  "[ERROR 419] MISSING ARGUMENTS",
  "[WARN] nothing to do",
];
const found = (pattern: string) =>
  LINES.map((line, n) => (parseFilterPattern(pattern)(line) ? n : -1)).filter((n) => n >= 0);

const refusal = (pattern: string) => {
  try {
    parseFilterPattern(pattern);
    return undefined;
  } catch (error) {
    return error as { code: string; message: string };
  }
};

describe("a pattern of terms", () => {
  it.each([
    ["", [0, 1, 2, 3]],
    ["ERROR", [0, 1, 2]],
    ["error", []],
    ["ERROR REQUEST", [0, 1]],
    ["ERROR -REQUEST", [2]],
    ["?ARGUMENTS ?WARN", [2, 3]],
    ["ERROR ?WARN", [0, 1, 2]],
    ['"BAD REQUEST"', [0]],
    ['-"ERROR 4"', [3]],
    ['"[WARN]"', [3]],
    ["%4[01]\\d?0%", [0]],
  ])("%s", (pattern, lines) => {
    expect(found(pattern)).toEqual(lines);
  });

  it("needs quotes around characters other than letters, digits and underscores", () => {
    expect(refusal("a:b")).toMatchObject({
      code: "InvalidParameterException",
      message: "Invalid character(s) in term ':'",
    });
    expect(refusal("%(a|b)%")?.code).toBe("InvalidParameterException");
  });

  it("of space-delimited events is not built", () => {
    expect(refusal("[ip, user, status=4*]")).toMatchObject({ code: "NotImplemented" });
  });
});

/** Outcomes as they were recorded from AWS's TestMetricFilter in a public repository, and AWS's own examples. */
describe("a pattern for JSON", () => {
  const event = JSON.stringify({
    eventType: "UpdateTrail",
    sourceIPAddress: "111.111.111.111",
    arrayKey: ["value", "another value"],
    objectList: [
      { name: "a", id: 1 },
      { name: "b", id: 2 },
    ],
    someInt: 123,
    someFloat: 12,
    empty: "",
    someObject: {},
    someArray: [],
    someNull: null,
    yes: true,
  });

  it.each([
    '{ $.eventType = "UpdateTrail" }',
    "{ $.eventType = UpdateTrail }",
    "{ $.sourceIPAddress != 123.123.* }",
    "{ $.sourceIPAddress = *.111.111.111 }",
    '{ $.sourceIPAddress = "111*" }',
    '{ $.arrayKey[0] = "value" }',
    "{ $.objectList[1].id = 2 }",
    '{ $.someInt = "123" }',
    '{ $.someInt != "123.0" }',
    "{ $.someInt = 123.0 }",
    "{ $.someInt = 12* }",
    '{ $.someFloat != "12.0" }',
    "{ $.someFloat >= 12 && $.someFloat < 12.5 }",
    '{ $.empty = "*" }',
    "{ $.someNull IS NULL }",
    "{ $.yes IS TRUE }",
    "{ $.none NOT EXISTS }",
    '{ ($.eventType = "no") || ($.someInt > 100 && $.yes IS TRUE) }',
    '{ $.eventType = "no" || $.eventType = "no" || $.someInt = 123 }',
    "{ $.eventType = %^Update% }",
  ])("that matches: %s", (pattern) => {
    expect(parseFilterPattern(pattern)(event)).toBe(true);
  });

  it.each([
    '{ $.eventType = "update" }',
    "{ $.none = 1 }",
    "{ $.none != 1 }",
    "{ $.eventType > 1 }",
    "{ $.someObject != 123 }",
    '{ $.someArray = "a" }',
    "{ $.someInt != 123 }",
    "{ $.yes IS FALSE }",
    '{ $.eventType = "UpdateTrail" && $.someInt = 1 }',
  ])("that does not: %s", (pattern) => {
    expect(parseFilterPattern(pattern)(event)).toBe(false);
    expect(parseFilterPattern(pattern)("text {")).toBe(false);
  });

  it.each([
    '{ $.a > "123" }',
    "{ $.a >= text }",
    "{ a = 1 }",
    "{ $.a }",
    "{ $.a = 1",
    "{ $.a = 1 } more",
    "{ $.a = 1 & $.b = 2 }",
  ])("that is refused: %s", (pattern) => {
    expect(refusal(pattern)).toMatchObject({
      code: "InvalidParameterException",
      message: expect.stringMatching(/^Invalid character\(s\) in term '.*'$/),
    });
  });
});
