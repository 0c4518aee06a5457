import { expect, it } from "vitest";
import { machine, runStates, Workbench } from "./workbench.ts";

it("a Pass state gives its Output, and passes its input on without one", async () => {
  const definition = machine({
    Kept: { Type: "Pass", Next: "Changed" },
    Changed: { Type: "Pass", Output: { doubled: "{% $states.input.n * 2 %}", text: "as it is" }, End: true },
  });

  const run = await new Workbench().run(definition, { n: 21 });

  expect(run.output).toEqual({ doubled: 42, text: "as it is" });
});

it("Assign and Output of one state both read the variables from before it", async () => {
  const run = await runStates({
    First: { Type: "Pass", Assign: { x: 1 }, Next: "Second" },
    Second: { Type: "Pass", Assign: { x: "{% $x + 1 %}", y: "{% $x %}" }, Output: "{% $x %}", Next: "Third" },
    Third: { Type: "Pass", Output: { before: "{% $states.input %}", x: "{% $x %}", y: "{% $y %}" }, End: true },
  });

  expect(run.output).toEqual({ before: 1, x: 2, y: 1 });
});

it("the context says where the execution is", async () => {
  const definition = machine({ Here: { Type: "Pass", Output: "{% $states.context %}", End: true } });

  const run = await new Workbench().run(definition, { a: 1 });

  expect(run.output).toMatchObject({
    Execution: { Input: { a: 1 }, StartTime: "2026-04-01T08:00:00.000Z" },
    StateMachine: { Name: "machine" },
    State: { Name: "Here", EnteredTime: "2026-04-01T08:00:00.000Z" },
  });
});

const ranges: [expression: string, value: unknown][] = [
  ["$range(1, 9, 2)", [1, 3, 5, 7, 9]],
  ["$range(1, 9, 9)", 1],
  ["$range(1, 9, 9)[]", [1]],
  ["{ 'of one': $range(4, 4, 1) }", { "of one": 4 }],
  ["$count($range(1, 9, 9))", 1],
  ["$partition([0], 1)", [[0]]],
  ["$random(42)", 0.7275636800328681],
];

it.each(ranges)("%s is %j", async (expression, value) => {
  const run = await new Workbench().run(machine({ A: { Type: "Pass", Output: `{% ${expression} %}`, End: true } }));

  expect(run.output).toEqual(value);
});

it("a Choice takes the first rule that holds, with the rule's own Assign and Output", async () => {
  const definition = machine({
    Which: {
      Type: "Choice",
      Choices: [
        { Condition: "{% $states.input.n > 10 %}", Next: "Big" },
        { Condition: "{% $states.input.n > 5 %}", Assign: { size: "medium" }, Output: "chosen", Next: "Told" },
      ],
      Default: "Big",
    },
    Told: { Type: "Pass", Output: "{% [$states.input, $size] %}", End: true },
    Big: { Type: "Fail" },
  });

  const run = await new Workbench().run(definition, { n: 7 });

  expect(run.output).toEqual(["chosen", "medium"]);
});

it("a Choice without a rule that holds and without Default fails with States.NoChoiceMatched", async () => {
  const run = await runStates({
    Which: { Type: "Choice", Choices: [{ Condition: "{% false %}", Next: "Never" }] },
    Never: { Type: "Succeed" },
  });

  expect(run).toMatchObject({ status: "FAILED", error: "States.NoChoiceMatched" });
});

it("a Condition that is not a boolean fails the query", async () => {
  const run = await runStates({
    Which: { Type: "Choice", Choices: [{ Condition: "{% 'yes' %}", Next: "End" }], Default: "End" },
    End: { Type: "Succeed" },
  });

  expect(run).toMatchObject({ status: "FAILED", error: "States.QueryEvaluationError" });
  expect(run.cause).toContain("Expected 'boolean', but was 'string'");
});

it("a Wait lets exactly its seconds pass, or waits for a moment", async () => {
  const definition = machine({
    Seconds: { Type: "Wait", Seconds: "{% $states.input.seconds %}", Next: "Until" },
    Until: { Type: "Wait", Timestamp: "2026-04-02T08:00:00Z", Next: "Past" },
    Past: { Type: "Wait", Timestamp: "2020-01-01T00:00:00Z", End: true },
  });

  const run = await new Workbench().run(definition, { seconds: 90 });

  expect(run.status).toBe("SUCCEEDED");
  expect(run.seconds).toBe(24 * 3_600);
  const exits = run.history.filter(({ type }) => type === "WaitStateExited");
  expect(exits[0]!.timestamp).toEqual(new Date("2026-04-01T08:01:30Z"));
});

it("a Fail state's Error and Cause may be expressions, or be missing", async () => {
  const told = machine({ Stop: { Type: "Fail", Error: "{% $states.input.name %}", Cause: "{% 'in ' & 'words' %}" } });
  const silent = machine({ Stop: { Type: "Fail" } });

  const [named, unnamed] = [await new Workbench().run(told, { name: "MyError" }), await new Workbench().run(silent)];

  expect(named).toMatchObject({ status: "FAILED", error: "MyError", cause: "in words" });
  expect(unnamed).toMatchObject({ status: "FAILED", error: undefined, cause: undefined });
});

it("a machine that loops without end and without waiting ends at AWS's limit of history events", async () => {
  const run = await runStates({
    Again: { Type: "Choice", Choices: [{ Condition: "{% true %}", Next: "Again" }], Default: "Out" },
    Out: { Type: "Succeed" },
  });

  expect(run).toMatchObject({ status: "FAILED", error: "States.Runtime" });
  expect(run.cause).toContain("25000");
});

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
