import { expect, it } from "vitest";
import { machine, Workbench } from "./workbench.ts";

it("a Pass state gives its Output, and passes its input on without one", async () => {
  const workbench = new Workbench();
  const definition = machine({
    Kept: { Type: "Pass", Next: "Changed" },
    Changed: { Type: "Pass", Output: { doubled: "{% $states.input.n * 2 %}", text: "as it is" }, End: true },
  });

  const run = await workbench.run(definition, { n: 21 });

  expect(run.output).toEqual({ doubled: 42, text: "as it is" });
});

it("Assign and Output of one state both read the variables from before it", async () => {
  const workbench = new Workbench();
  const definition = machine({
    First: { Type: "Pass", Assign: { x: 1 }, Next: "Second" },
    Second: { Type: "Pass", Assign: { x: "{% $x + 1 %}", y: "{% $x %}" }, Output: "{% $x %}", Next: "Third" },
    Third: { Type: "Pass", Output: { before: "{% $states.input %}", x: "{% $x %}", y: "{% $y %}" }, End: true },
  });

  const run = await workbench.run(definition);

  expect(run.output).toEqual({ before: 1, x: 2, y: 1 });
});

it("the context says where the execution is", async () => {
  const workbench = new Workbench();
  const definition = machine({ Here: { Type: "Pass", Output: "{% $states.context %}", End: true } });

  const run = await workbench.run(definition, { a: 1 });

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
  const workbench = new Workbench();
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

  const run = await workbench.run(definition, { n: 7 });

  expect(run.output).toEqual(["chosen", "medium"]);
});

it("a Choice without a rule that holds and without Default fails with States.NoChoiceMatched", async () => {
  const workbench = new Workbench();
  const definition = machine({
    Which: { Type: "Choice", Choices: [{ Condition: "{% false %}", Next: "Never" }] },
    Never: { Type: "Succeed" },
  });

  const run = await workbench.run(definition);

  expect(run).toMatchObject({ status: "FAILED", error: "States.NoChoiceMatched" });
});

it("a Condition that is not a boolean fails the query", async () => {
  const workbench = new Workbench();
  const definition = machine({
    Which: { Type: "Choice", Choices: [{ Condition: "{% 'yes' %}", Next: "End" }], Default: "End" },
    End: { Type: "Succeed" },
  });

  const run = await workbench.run(definition);

  expect(run).toMatchObject({ status: "FAILED", error: "States.QueryEvaluationError" });
  expect(run.cause).toContain("Expected 'boolean', but was 'string'");
});

it("a Wait lets exactly its seconds pass, or waits for a moment", async () => {
  const workbench = new Workbench();
  const definition = machine({
    Seconds: { Type: "Wait", Seconds: "{% $states.input.seconds %}", Next: "Until" },
    Until: { Type: "Wait", Timestamp: "2026-04-02T08:00:00Z", Next: "Past" },
    Past: { Type: "Wait", Timestamp: "2020-01-01T00:00:00Z", End: true },
  });

  const run = await workbench.run(definition, { seconds: 90 });

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
  const workbench = new Workbench();
  const definition = machine({
    Again: { Type: "Choice", Choices: [{ Condition: "{% true %}", Next: "Again" }], Default: "Out" },
    Out: { Type: "Succeed" },
  });

  const run = await workbench.run(definition);

  expect(run).toMatchObject({ status: "FAILED", error: "States.Runtime" });
  expect(run.cause).toContain("25000");
});
