import { expect, it } from "vitest";
import { functionArn, named, start, Workbench } from "./workbench.ts";

/** A machine of JSONPath states (the default); the first one starts. */
const machine = (States: Record<string, object>) => ({ StartAt: Object.keys(States)[0], States });

const pass = (fields: object) => machine({ A: { Type: "Pass", ...fields, End: true } });

const input = {
  order: {
    id: 7,
    "ship-to": "Oslo",
    lines: [
      { sku: "a", n: 1 },
      { sku: "b", n: 5 },
    ],
  },
  note: "x",
};

const selections: [path: string, value: unknown][] = [
  ["$.order.id", 7],
  ["$.order.ship-to", "Oslo"],
  ["$['order']['ship-to']", "Oslo"],
  ["$.order.lines[0].sku", "a"],
  ["$.order.lines[-1].sku", "b"],
  ["$.order.['lines'].[1].sku", "b"],
  ["$['order']['id','none', \"ship-to\"]", { id: 7, "ship-to": "Oslo" }],
  ["$.order.lines[*].sku", ["a", "b"]],
  ["$.order.lines[0:1]", [{ sku: "a", n: 1 }]],
  ["$..sku", ["a", "b"]],
  ["$.order.lines[?(@.n > 1)].sku", ["b"]],
  ["$.order.lines[?(@.sku == 'none')]", []],
  ["$.missing[*].sku", []],
  ["$$.Execution.Input.note", "x"],
  ["$$.State.Name", "A"],
];

it.each(selections)("the path %s selects %j", async (path, value) => {
  const run = await new Workbench().run(pass({ Parameters: { "value.$": path } }), input);

  expect(run.output).toEqual({ value });
});

it("a value passes InputPath, Parameters, ResultPath and OutputPath, in that order", async () => {
  const definition = pass({
    InputPath: "$.order",
    Parameters: { "id.$": "$.id", list: [{ "first.$": "$.lines[0].sku" }], constant: "$.id" },
    ResultPath: "$.made.result",
    OutputPath: "$.made",
  });

  const run = await new Workbench().run(definition, input);

  expect(run.output).toEqual({ result: { id: 7, list: [{ first: "a" }], constant: "$.id" } });
});

it("a null InputPath or OutputPath leaves nothing, a null ResultPath leaves the state's input", async () => {
  const definition = machine({
    Nothing: { Type: "Pass", InputPath: null, ResultPath: "$.nothing", Next: "Kept" },
    Kept: { Type: "Pass", Result: "unseen", ResultPath: null, Next: "Gone" },
    Gone: { Type: "Pass", Parameters: { "kept.$": "$" }, ResultPath: "$.was", Next: "Last" },
    Last: { Type: "Pass", Parameters: { "was.$": "$.was" }, Next: "End" },
    End: { Type: "Succeed", OutputPath: "$.was" },
  });

  const run = await new Workbench().run(definition, { a: 1 });
  const none = await new Workbench().run(pass({ OutputPath: null }), { a: 1 });

  expect(run.output).toEqual({ kept: { a: 1, nothing: {} } });
  expect(none.output).toEqual({});
});

it("ResultPath makes the objects on its way, replaces elements of arrays, and fails where a value is in the way", async () => {
  const made = await new Workbench().run(pass({ Result: 1, ResultPath: "$.a.b.c" }), { a: { x: 0 } });
  const replaced = await new Workbench().run(pass({ Result: 1, ResultPath: "$.list[1]" }), { list: [0, 0] });
  const blocked = await new Workbench().run(pass({ Result: 1, ResultPath: "$.a.b" }), { a: "text" });

  expect(made.output).toEqual({ a: { x: 0, b: { c: 1 } } });
  expect(replaced.output).toEqual({ list: [0, 1] });
  expect(blocked).toMatchObject({
    status: "FAILED",
    error: "States.ResultPathMatchFailure",
    cause: expect.stringContaining('Unable to apply ReferencePath $.a.b to input {"a":"text"}'),
  });
});

const missing: [fields: object, cause: string][] = [
  [{ InputPath: "$.no" }, "Invalid path '$.no' : No results for path: $['no']"],
  [{ Parameters: { "x.$": "$.no" } }, "The JSONPath '$.no' specified for the field 'x.$' could not be found in the"],
  [{ Parameters: { "x.$": "$no" } }, "The JSONPath '$no' specified for the field 'x.$' could not be found in the"],
  [{ Parameters: { "x.$": "$toString" } }, "The JSONPath '$toString' specified for the field 'x.$' could not be"],
];

it.each(missing)("%j fails where the path finds nothing, and States.ALL does not catch it", async (fields, cause) => {
  const run = await new Workbench().run(pass(fields), {});
  const Branches = [{ StartAt: "A", States: { A: { Type: "Pass", ...fields, End: true } } }];
  const Catch = [{ ErrorEquals: ["States.ALL"], Next: "Caught" }];
  const outer = machine({ P: { Type: "Parallel", Branches, Catch, End: true }, Caught: { Type: "Succeed" } });
  const caught = await new Workbench().run(outer, {});

  expect(run).toMatchObject({ status: "FAILED", error: "States.Runtime", cause: expect.stringContaining(cause) });
  expect(run.cause).toMatch(/^An error occurred while executing the state 'A' \(entered at the event id #2\)\. /);
  expect(caught.status).toBe("FAILED");
});

it("variables are read by `$name`, in both languages", async () => {
  const definition = machine({
    Set: { Type: "Pass", Result: { n: 4 }, Assign: { "kept.$": "$", list: [1, 2] }, ResultPath: null, Next: "Path" },
    Path: { Type: "Pass", Parameters: { "n.$": "$kept.n", "second.$": "$list[1]" }, Next: "Expression" },
    Expression: { QueryLanguage: "JSONata", Type: "Pass", Output: "{% [$kept.n, $states.input] %}", End: true },
  });

  const run = await new Workbench().run(definition);

  expect(run.output).toEqual([4, { n: 4, second: 2 }]);
});

it("a Task selects from its result, and a Catcher puts the error into the state's input", async () => {
  const workbench = new Workbench({
    double: (event) => ({ twice: (event as { n: number }).n * 2, unused: true }),
    fail: () => {
      throw named("Broken", "no reason");
    },
  });
  const invoke = (name: string, more: object) => ({
    Type: "Task",
    Resource: "arn:aws:states:::lambda:invoke",
    Parameters: { FunctionName: functionArn(name), Payload: { "n.$": "$.n" } },
    ...more,
  });
  const definition = machine({
    Double: invoke("double", {
      ResultSelector: { "twice.$": "$.Payload.twice" },
      Assign: { "remembered.$": "$.twice" },
      ResultPath: "$.doubled",
      Next: "Fail",
    }),
    Fail: invoke("fail", {
      Retry: [{ ErrorEquals: ["Broken"], IntervalSeconds: 2, MaxAttempts: 2, BackoffRate: 2 }],
      Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.problem", Next: "Told" }],
      End: true,
    }),
    Told: {
      Type: "Pass",
      Parameters: { "all.$": "$.doubled", "error.$": "$.problem.Error", "remembered.$": "$remembered" },
      End: true,
    },
  });

  const run = await workbench.run(definition, { n: 21 });

  expect(run.output).toEqual({ all: { twice: 42 }, error: "Broken", remembered: 42 });
  expect(run.seconds).toBe(2 + 4);
  expect(run.history.find(({ type }) => type === "TaskScheduled")?.taskScheduledEventDetails).toMatchObject({
    resource: "invoke",
    parameters: JSON.stringify({ FunctionName: functionArn("double"), Payload: { n: 21 } }),
  });
});

it("a Task's times are read by paths", async () => {
  const workbench = new Workbench({ slow: () => new Promise(() => {}) });
  const definition = machine({
    Slow: { Type: "Task", Resource: functionArn("slow"), TimeoutSecondsPath: "$.limit", End: true },
  });

  const run = await workbench.run(definition, { limit: 30 });
  const wrong = await new Workbench().run(definition, { limit: "soon" });

  expect(run).toMatchObject({ status: "FAILED", error: "States.Timeout", seconds: 30 });
  expect(wrong.cause).toContain(
    'The TimeoutSecondsPath field refers to value "soon" which is not a valid integer: $.limit',
  );
});

it("a Wait reads its time by a path", async () => {
  const wait = (field: string) => machine({ W: { Type: "Wait", [field]: "$.until", End: true } });

  const seconds = await new Workbench().run(wait("SecondsPath"), { until: 90 });
  const timestamp = await new Workbench().run(wait("TimestampPath"), { until: new Date(start + 60_000).toISOString() });
  const negative = await new Workbench().run(wait("SecondsPath"), { until: -1 });

  expect(seconds).toMatchObject({ status: "SUCCEEDED", seconds: 90, output: { until: 90 } });
  expect(timestamp.seconds).toBe(60);
  expect(negative.cause).toContain("The SecondsPath parameter references a negative value: $.until == -1");
});

it("a Map iterates over ItemsPath with ItemSelector, MaxConcurrencyPath and ResultSelector", async () => {
  const definition = machine({
    Each: {
      Type: "Map",
      InputPath: "$.order",
      ItemsPath: "$.lines",
      MaxConcurrencyPath: "$.id",
      ItemSelector: { "sku.$": "$$.Map.Item.Value.sku", "at.$": "$$.Map.Item.Index", "id.$": "$.id" },
      ItemProcessor: { StartAt: "X", States: { X: { Type: "Pass", End: true } } },
      ResultSelector: { "skus.$": "$[*].sku", "last.$": "$[1].at" },
      ResultPath: "$.done",
      OutputPath: "$.done",
      End: true,
    },
  });

  const run = await new Workbench().run(definition, input);
  const none = await new Workbench().run(definition, { order: { id: 1, lines: "none" } });

  expect(run.output).toEqual({ skus: ["a", "b"], last: 1 });
  expect(none).toMatchObject({
    error: "States.Runtime",
    cause: expect.stringContaining('Reference path "$.lines" must point to array.'),
  });
});

it("a Parallel gives each branch its Parameters", async () => {
  const branch = (name: string) => ({ StartAt: name, States: { [name]: { Type: "Pass", End: true } } });
  const Parameters = { "id.$": "$.order.id" };
  const definition = machine({
    P: { Type: "Parallel", Parameters, Branches: [branch("X"), branch("Y")], ResultPath: "$.both", End: true },
  });

  const run = await new Workbench().run(definition, { order: { id: 7 } });

  expect(run.output).toEqual({ order: { id: 7 }, both: [{ id: 7 }, { id: 7 }] });
});

it("a Fail reads its error and its cause by paths", async () => {
  const definition = machine({ F: { Type: "Fail", ErrorPath: "$.e", CausePath: "$.c" } });

  const run = await new Workbench().run(definition, { e: "Broken", c: "no reason" });

  const wrong = await new Workbench().run(definition, { e: "Broken", c: { no: "text" } });

  expect(run).toMatchObject({ status: "FAILED", error: "Broken", cause: "no reason" });
  expect(wrong.cause).toContain('The CausePath field must refer to a string but was: {"no":"text"}');
});

it("a state that waits for its task token hands the token out by `$$.Task.Token`", async () => {
  const workbench = new Workbench({
    ask: (event, { call }) => {
      const { token } = event as { token: string };
      void call.call(workbench, "SendTaskSuccess", { taskToken: token, output: '{"yes":true}' });
      return {};
    },
  });
  const definition = machine({
    Ask: {
      Type: "Task",
      Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken",
      Parameters: { FunctionName: functionArn("ask"), Payload: { "token.$": "$$.Task.Token" } },
      End: true,
    },
  });

  const run = await workbench.run(definition);

  expect(run.output).toEqual({ yes: true });
});

const heavy: [name: string, input: unknown][] = [
  ["a nest of arrays", Array.from({ length: 800 }).reduce<unknown>((inside) => [inside], 1)],
  ["a nest deeper than any limit", Array.from({ length: 3_000 }).reduce<unknown>((inside) => [inside], 1)],
];

it.each(heavy)("%s, searched again and again, fails its state, not the process", async (_, value) => {
  const run = await new Workbench().run(pass({ Parameters: { "all.$": "$..*..*..*" } }), value);

  expect(run).toMatchObject({ status: "FAILED", error: "States.Runtime" });
});
