import { expect, it } from "vitest";
import { Workbench } from "./workbench.ts";

/** Whether a Choice rule over `{ v: value, other }` holds. */
async function holds(rule: object, value: unknown, other?: unknown): Promise<unknown> {
  const { output } = await new Workbench().run(
    {
      StartAt: "Which",
      States: {
        Which: { Type: "Choice", Choices: [{ ...rule, Next: "Yes" }], Default: "No" },
        Yes: { Type: "Pass", Result: true, End: true },
        No: { Type: "Pass", Result: false, End: true },
      },
    },
    { v: value, ...(other === undefined ? {} : { other }) },
  );
  return output;
}

const patterns: [pattern: string, text: string, matches: boolean][] = [
  ["*.zip", "a.zip", true],
  ["*.zip", "a.zip.sig", false],
  ["log-*-*.txt", "log-a-b.txt", true],
  ["a*b*c", "abxbc", true],
  ["*", "", true],
  ["a\\*", "a*", true],
  ["a\\*", "ab", false],
  ["a\\\\*", "a\\b", true],
  [".", "x", false],
];

it.each(patterns)("the pattern %s over %s: %s", async (pattern, text, expected) => {
  expect(await holds({ Variable: "$.v", StringMatches: pattern }, text)).toBe(expected);
});

it("a pattern with many stars over a long text ends", async () => {
  expect(await holds({ Variable: "$.v", StringMatches: `${"*a".repeat(40)}b` }, "a".repeat(20_000))).toBe(false);
});

it("And, Or and Not combine rules", async () => {
  const between = { And: [{ Variable: "$.v", NumericGreaterThan: 1 }, { Not: { Variable: "$.v", NumericEquals: 5 } }] };
  const either = {
    Or: [
      { Variable: "$.no", IsPresent: true },
      { Variable: "$.v", IsNull: true },
    ],
  };

  expect(await holds(between, 3)).toBe(true);
  expect(await holds(between, 5)).toBe(false);
  expect(await holds(either, null)).toBe(true);
  expect(await holds(either, 0)).toBe(false);
});

it("an operator with Path reads its operand from the input", async () => {
  expect(
    await holds(
      { Variable: "$.v", TimestampLessThanPath: "$.other" },
      "2026-01-01T00:00:00Z",
      "2026-01-01T00:00:00-01:00",
    ),
  ).toBe(true);
  expect(await holds({ Variable: "$.v", StringGreaterThanEqualsPath: "$.other" }, "b", "a")).toBe(true);
  expect(await holds({ Variable: "$.v", BooleanEqualsPath: "$.other" }, true, false)).toBe(false);
});

it("IsTimestamp wants a time zone", async () => {
  expect(await holds({ Variable: "$.v", IsTimestamp: true }, "2026-01-01T00:00:00")).toBe(false);
  expect(await holds({ Variable: "$.v", IsTimestamp: true }, "2026-01-01T00:00:00+01:00")).toBe(true);
});

it("a missing variable fails the state, except with IsPresent", async () => {
  const States = {
    Which: { Type: "Choice", Choices: [{ Variable: "$.no.such", IsNull: false, Next: "Yes" }], Default: "Yes" },
    Yes: { Type: "Succeed" },
  };

  const run = await new Workbench().run({ StartAt: "Which", States }, {});

  expect(run).toMatchObject({
    error: "States.Runtime",
    cause: expect.stringContaining(
      "Invalid path '$.no.such': The choice state's condition path references an invalid value.",
    ),
  });
});

it("a rule's Assign, and the state's InputPath and OutputPath, count", async () => {
  const States = {
    Which: {
      Type: "Choice",
      InputPath: "$.inner",
      OutputPath: "$.n",
      Choices: [{ Variable: "$.n", NumericEquals: 1, Assign: { "chosen.$": "$.n" }, Next: "Told" }],
    },
    Told: { Type: "Pass", Parameters: { "in.$": "$", "chosen.$": "$chosen" }, End: true },
  };

  const run = await new Workbench().run({ StartAt: "Which", States }, { inner: { n: 1 } });

  expect(run.output).toEqual({ in: 1, chosen: 1 });
});
