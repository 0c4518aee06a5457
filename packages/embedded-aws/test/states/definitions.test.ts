import { expect, it } from "vitest";
import { containing, expectRefusal } from "../expect-refusal.ts";
import { functionArn, machine, roleArn, Workbench } from "./workbench.ts";

const create = (definition: unknown, type?: string) => {
  const text = typeof definition === "string" ? definition : JSON.stringify(definition);
  return new Workbench().call("CreateStateMachine", { name: "machine", definition: text, roleArn, type });
};

/** States of a JSONPath machine, or of a branch. */
const branch = (States: Record<string, object>) => ({ StartAt: Object.keys(States)[0], States });

const done = { Type: "Succeed" };

const wrong: Record<string, [definition: unknown, message: string]> = {
  "no JSON": ["{", "Definition must be a valid JSON object"],
  "no states": [{ StartAt: "A" }, "These fields are required: [States] at /"],
  "a start that does not exist": [
    machine({ A: { Type: "Succeed" } }, { StartAt: "B" }),
    "MISSING_TRANSITION_TARGET: Missing 'Next' target: B at /StartAt",
  ],
  "a target that does not exist": [
    machine({ A: { Type: "Pass", Next: "B" } }),
    "MISSING_TRANSITION_TARGET: Missing 'Next' target: B at /States/A/Next",
  ],
  "a state that nothing leads to": [
    machine({ A: { Type: "Pass", End: true }, B: { Type: "Succeed" } }),
    'MISSING_TRANSITION_TARGET: State "B" is not reachable. at /States/B',
  ],
  "no end": [
    machine({ A: { Type: "Pass", Next: "B" }, B: { Type: "Pass", Next: "A" } }),
    "MISSING_END_STATE: Workflow has no terminal state at null",
  ],
  "an unknown type": [machine({ A: { Type: "Sleep", End: true } }), "at /States/A/Type"],
  "an unknown field": [
    machine({ A: { Type: "Pass", Retry: [], End: true } }),
    "SCHEMA_VALIDATION_FAILED: Field 'Retry' is not supported at /States/A",
  ],
  "a field of the other query language": [
    machine({ A: { Type: "Pass", Result: 1, End: true } }),
    "The QueryLanguage is set to 'JSONata', but field 'Result' is only supported for the 'JSONPath' QueryLanguage at /States/A",
  ],
  "no way on": [machine({ A: { Type: "Pass" } }), "at /States/A"],
  "an expression that does not parse": [
    machine({ A: { Type: "Pass", Output: { x: "{% 1 + %}" }, End: true } }),
    "INVALID_JSONATA_EXPRESSION: Unexpected end of expression at /States/A/Output/x",
  ],
  "an expression that reads a bare name": [
    machine({ A: { Type: "Pass", Output: { x: "{% $count([phone, 1]) %}" }, End: true } }),
    "UNSUPPORTED_JSONATA_EXPRESSION: Reference to 'phone' at the top level is not supported. at /States/A/Output/x",
  ],
  "a mistake in a branch": [
    machine({ A: { Type: "Parallel", Branches: [{ StartAt: "X", States: {} }], End: true } }),
    "at /States/A/Branches[0]/States",
  ],
  "States.ALL beside other names": [
    machine({
      A: { Type: "Task", Resource: functionArn("f"), Retry: [{ ErrorEquals: ["States.ALL", "X"] }], End: true },
    }),
    "at /States/A/Retry[0]/ErrorEquals",
  ],
  "a name in two branches": [
    machine({ A: { Type: "Parallel", Branches: [branch({ X: done }), branch({ X: done })], End: true } }),
    "DUPLICATE_STATE_NAME: Duplicate State name: X at /States/A/Branches[1]/States/X",
  ],
  "a target and a state that nothing leads to, both": [
    machine({ A: { Type: "Pass", Next: "C" }, B: { Type: "Succeed" } }),
    "Missing 'Next' target: C at /States/A/Next, MISSING_TRANSITION_TARGET: State \"B\" is not reachable. at /States/B",
  ],
  "an unknown query language": [
    branch({ A: { Type: "Pass", QueryLanguage: "jsonata", End: true } }),
    "Value is not valid. Expected: [JSONata, JSONPath] at /States/A/QueryLanguage",
  ],
  "a query language of an ItemProcessor": [
    machine({ A: { Type: "Map", ItemProcessor: { QueryLanguage: "JSONata", ...branch({ X: done }) }, End: true } }),
    "Field 'QueryLanguage' is not supported at /States/A/ItemProcessor",
  ],
  "an empty label": [
    machine({ A: { Type: "Map", Label: "", ItemProcessor: branch({ X: done }), End: true } }),
    "SCHEMA_VALIDATION_FAILED: Label cannot be empty at /States/A/Label",
  ],
  "a wait beyond the longest": [
    machine({ A: { Type: "Wait", Seconds: 100_000_000, End: true } }),
    "Maximum value is 99999999 at /States/A/Seconds",
  ],
  "a field of JSONata in a JSONPath state": [
    branch({ A: { Type: "Pass", Output: 1, End: true } }),
    "The QueryLanguage is set to 'JSONPath', but field 'Output' is only supported for the 'JSONata' QueryLanguage at /States/A",
  ],
  "a template field that is not a path": [
    branch({ A: { Type: "Pass", Parameters: { x: [{ "y.$": "order.id" }] }, End: true } }),
    "The value for the field 'y.$' must be a valid JSONPath or a valid intrinsic function call at /States/A/Parameters/x[0]",
  ],
  "a path with a blank in a name": [
    branch({ A: { Type: "Pass", InputPath: "$.my order", End: true } }),
    "Use bracket notion ['my prop'] if your property contains blank characters at /States/A/InputPath",
  ],
  "a path that ends in a dot": [
    branch({ A: { Type: "Pass", ResultPath: "$.order.", End: true } }),
    "Value is not a Reference Path: Path must not end with a '.' or '..' at /States/A/ResultPath",
  ],
  "a Variable that is not a path": [
    branch({ A: { Type: "Choice", Choices: [{ Variable: "Test", IsNull: true, Next: "B" }] }, B: done }),
    "Value is not a Reference Path: Reference path didn't start with '$' at /States/A/Choices[0]/Variable",
  ],
  "a ResultPath to many places": [
    branch({ A: { Type: "Pass", ResultPath: "$.list[*].x", End: true } }),
    "Value is not a Reference Path: it can find more than one value at /States/A/ResultPath",
  ],
  "a ResultPath into the Context object": [
    branch({ A: { Type: "Pass", ResultPath: "$$.Execution", End: true } }),
    "Value is not a Reference Path: the Context object cannot be used here at /States/A/ResultPath",
  ],
  "a number and a path to it": [
    branch({
      A: { Type: "Map", MaxConcurrency: 1, MaxConcurrencyPath: "$.n", Iterator: branch({ X: done }), End: true },
    }),
    "There should only be one of the following fields: [MaxConcurrency, MaxConcurrencyPath] at /States/A",
  ],
  "a Choice rule with two operators": [
    branch({ A: { Type: "Choice", Choices: [{ Variable: "$.a", IsNull: true, IsString: true, Next: "B" }] }, B: done }),
    "at /States/A/Choices[0]",
  ],
  "a comparison with the wrong kind of value": [
    branch({ A: { Type: "Choice", Choices: [{ Variable: "$.a", NumericEquals: "1", Next: "B" }] }, B: done }),
    "at /States/A/Choices[0]/NumericEquals",
  ],
  "a variable named states": [machine({ A: { Type: "Pass", Assign: { states: 1 }, End: true } }), "reserved"],
};

it.each(Object.entries(wrong))("a definition with %s is refused with its place", async (_, [definition, message]) => {
  await expectRefusal(create(definition), "InvalidDefinition", containing(message));
});

it.each([".waitForTaskToken", ".sync"])("an Express machine has no %s", async (pattern) => {
  const Resource = `arn:aws:states:::states:startExecution${pattern}`;

  await expectRefusal(
    create(branch({ A: { Type: "Task", Resource, End: true } }), "EXPRESS"),
    "InvalidDefinition",
    containing(`Express state machine does not support '${pattern}' service integration at /States/A/Resource`),
  );
});

const unbuilt: Record<string, [definition: unknown, message: string]> = {
  "a function of JSONPath in a call": [
    { StartAt: "A", States: { A: { Type: "Pass", Parameters: { "n.$": "States.Array($.a.sum())" }, End: true } } },
    "the JSONPath function 'sum()' in '$.a.sum()', in the field 'n.$', is not built in the embedded AWS (state 'A')",
  ],
  "a function of JSONPath": [
    { StartAt: "A", States: { A: { Type: "Pass", InputPath: "$.items.length()", End: true } } },
    "the JSONPath function 'length()' in '$.items.length()', in the field 'InputPath', is not built",
  ],
  "several names in the middle of a path": [
    { StartAt: "A", States: { A: { Type: "Pass", InputPath: "$['a','b'].c", End: true } } },
    "several names in one bracket, not at the end of a definite path, in '$['a','b'].c', in the field 'InputPath'",
  ],
  "a distributed Map's file of items": [
    machine({
      A: {
        Type: "Map",
        ItemReader: { Resource: "arn:aws:states:::s3:getObject", Arguments: {} },
        ItemProcessor: { ProcessorConfig: { Mode: "DISTRIBUTED" }, StartAt: "X", States: { X: { Type: "Succeed" } } },
        End: true,
      },
    }),
    "the field 'ItemReader' of a distributed Map is not built in the embedded AWS (state 'A')",
  ],
  "an integration that is missing": [
    machine({ A: { Type: "Task", Resource: "arn:aws:states:::glue:startJobRun.sync", End: true } }),
    "the resource 'arn:aws:states:::glue:startJobRun.sync' is not built",
  ],
};

it.each(Object.entries(unbuilt))("%s is refused by name, not run wrongly", async (_, [definition, message]) => {
  await expectRefusal(create(definition), "NotImplemented", containing(message));
});

const runaways = {
  "an endless recursion": "($f := function($n) { 1 + $f($n + 1) }; $f(0))",
  "an endless loop": "($f := function($n) { $f($n + 1) }; $f(0))",
  "a range of ten million": "$count([1..10000000])",
  "a product of two large ranges": "$count([1..50000].[1..50000])",
  "a text of a billion characters": "$pad('', 1000000000)",
  "a text doubled forty times": "$length($reduce([1..40], function($a, $i) { $a & $a }, 'x'))",
  "an array doubled forty times": "$reduce([1..40], function($a, $i) { [[$a, $a]] }, [[1]])",
  "an array doubled forty times, as text": "$string($reduce([1..40], function($a, $i) { [[$a, $a]] }, [[1]]))",
  "a regular expression that backtracks without end": "$contains($pad('', 40, 'a') & 'b', /^(a+)+$/)",
  "a comparison of two such arrays":
    "($f := function() { $reduce([1..40], function($a, $i) { [[$a, $a]] }, [[1]]) }; $f() = $f())",
  "ninety thousand long texts": "$join($map([1..90000], function($x) { $pad('', 200000, 'x') }))",
  "code from a text": "$eval('1 + 1')",
  "a range of Step Functions with too many elements": "$range(1, 5000, 1)",
};

it.each(Object.entries(runaways))("%s fails its state, not the process", async (_, expression) => {
  const workbench = new Workbench();

  const run = await workbench.run(machine({ Run: { Type: "Pass", Output: `{% ${expression} %}`, End: true } }));

  expect(run).toMatchObject({ status: "FAILED", error: "States.QueryEvaluationError" });
});

const functions: Record<string, [expression: string, value: unknown]> = {
  $partition: ["$partition([1, 2, 3, 4, 5], 2)", [[1, 2], [3, 4], [5]]],
  $range: ["$range(0, 10, 5)", [0, 5, 10]],
  $hash: ["$hash('text', 'SHA-256')", "982d9e3eb996f559e633f4d194def3761d909f5a3b647d1a851fead67c32c9d1"],
  $parse: ["$parse('{\"a\": [1]}').a", [1]],
  "$random with a seed": ["$random(7) = $random(7)", true],
  "$now, in factory time": ["$now()", "2026-04-01T08:00:00.000Z"],
  "$now in words": ["$now('[Y0001]-[M01]-[D01]')", "2026-04-01"],
  $millis: ["$millis()", Date.UTC(2026, 3, 1, 8)],
  "$string on a value": ["$string({'a': 1})", '{"a":1}'],
  "$string in a path": ["[1, 2].$string()", ["1", "2"]],
  $pad: ["$pad('7', -3, '0')", "007"],
};

it.each(Object.entries(functions))("%s works as documented", async (_, [expression, value]) => {
  const workbench = new Workbench();

  const run = await workbench.run(machine({ Run: { Type: "Pass", Output: `{% ${expression} %}`, End: true } }));

  expect(run.output).toEqual(value);
});

it("random numbers and UUIDs differ from each other, and are the same in the same run", async () => {
  const definition = machine({
    Run: { Type: "Pass", Output: "{% [$random(), $random(), $uuid(), $uuid()] %}", End: true },
  });

  const [one, same] = [await new Workbench().run(definition), await new Workbench().run(definition)];

  expect(new Set(one.output as unknown[]).size).toBe(4);
  expect(one.output).toEqual(same.output);
});
