import type {
  DescribeExecutionCommandOutput,
  ListExecutionsCommandOutput,
  StartExecutionCommandOutput,
} from "@aws-sdk/client-sfn";
import { expect, it } from "vitest";
import { createAws } from "../../src/create-aws.ts";
import { VirtualClock } from "../../src/engine/clock/virtual-clock.ts";
import { allow, makeRole } from "../policy.ts";
import { account, caller, type Run, region, start, Workbench } from "./workbench.ts";

/** A machine whose Map runs these states for each item. */
const machine = (States: Record<string, object>, more: object = {}, ExecutionType = "STANDARD") => ({
  StartAt: "Each",
  States: {
    Each: {
      Type: "Map",
      ItemProcessor: {
        ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType },
        StartAt: Object.keys(States)[0],
        States,
      },
      End: true,
      ...more,
    },
  },
});

const mapRunArn = ({ history }: Pick<Run, "history">) =>
  history.find(({ type }) => type === "MapRunStarted")?.mapRunStartedEventDetails?.mapRunArn;

/** Fails items below zero. */
const positive = {
  Check: { Type: "Choice", Choices: [{ Variable: "$", NumericLessThan: 0, Next: "No" }], Default: "Yes" },
  No: { Type: "Fail", Error: "Negative" },
  Yes: { Type: "Pass", End: true },
};

it("each item is the input of an execution of its own, which the Map Run lists", async () => {
  const workbench = new Workbench();
  const States = { A: { Type: "Pass", Parameters: { "id.$": "$$.Execution.Id", "got.$": "$" }, End: true } };
  const ItemSelector = { "n.$": "$$.Map.Item.Value", "of.$": "$.all" };
  const definition = machine(States, { Label: "parts", ItemsPath: "$.items", ItemSelector });

  const run = await workbench.run(definition, { items: [1, 2], all: 2 });
  const listed = await workbench.call<ListExecutionsCommandOutput>("ListExecutions", { mapRunArn: mapRunArn(run) });
  const [second, first] = listed.executions!;
  const described = await workbench.look(first!.executionArn!);
  const details = await workbench.call<DescribeExecutionCommandOutput>("DescribeExecution", {
    executionArn: first!.executionArn,
  });
  const { executions: own } = await workbench.call<ListExecutionsCommandOutput>("ListExecutions", {
    stateMachineArn: `arn:aws:states:${region}:${account}:stateMachine:machine`,
  });

  expect(run.output).toEqual([
    { id: first!.executionArn, got: { n: 1, of: 2 } },
    { id: second!.executionArn, got: { n: 2, of: 2 } },
  ]);
  expect(mapRunArn(run)).toMatch(/^arn:aws:states:eu-west-1:111122223333:mapRun:machine\/parts:[\da-f-]{36}$/);
  expect(first!.executionArn).toMatch(/:execution:machine\/parts:[\da-f-]{36}$/);
  expect(described.types).toEqual(["ExecutionStarted", "PassStateEntered", "PassStateExited", "ExecutionSucceeded"]);
  expect(details).toMatchObject({ mapRunArn: mapRunArn(run), input: '{"n":1,"of":2}' });
  expect(own).toHaveLength(1);
});

it("an item's execution does not see the machine's variables", async () => {
  const States = { A: { Type: "Pass", Parameters: { "x.$": "$x" }, End: true } };
  const inner = machine(States);
  const definition = {
    StartAt: "Set",
    States: { Set: { Type: "Pass", Assign: { x: 1 }, Next: "Each" }, ...inner.States },
  };

  const run = await new Workbench().run(definition, [1]);

  expect(run).toMatchObject({ status: "FAILED", error: "States.ExceedToleratedFailureThreshold" });
});

const tolerances: [fields: object, input: unknown, output: unknown][] = [
  [{ ToleratedFailureCount: 1 }, [1, -1, 2], [1, 2]],
  [{ ToleratedFailureCount: 1 }, [-1, -1, 2], undefined],
  [{ ToleratedFailurePercentage: 50 }, [-1, 1], [1]],
  [{ ToleratedFailurePercentage: 49 }, [-1, 1], undefined],
  [{ ToleratedFailureCount: 5, ToleratedFailurePercentage: 10 }, [-1, 1], undefined],
  [{ ItemsPath: "$.items", ToleratedFailurePercentagePath: "$.limit" }, { items: [-1, 1], limit: 50 }, [1]],
  [{}, [1, -1], undefined],
];

it.each(tolerances)("with %j, %j gives %j", async (fields, input, output) => {
  const run = await new Workbench().run(machine(positive, fields), input);

  if (output !== undefined) expect(run).toMatchObject({ status: "SUCCEEDED", output });
  else expect(run).toMatchObject({ status: "FAILED", error: "States.ExceedToleratedFailureThreshold" });
});

it.each([
  [101, "ToleratedFailurePercentage must be between 0 and 100."],
  ["some", `ToleratedFailurePercentagePath field refers to value "some" which is not a valid float: $.limit`],
])("a tolerated percentage of %j fails the state", async (limit, cause) => {
  const fields = { ItemsPath: "$.items", ToleratedFailurePercentagePath: "$.limit" };

  const run = await new Workbench().run(machine(positive, fields), { items: [1], limit });

  expect(run).toMatchObject({ error: "States.Runtime", cause: expect.stringContaining(cause) });
});

it("a failed Map Run stops its other executions, and the Map's Catch gets it", async () => {
  const workbench = new Workbench();
  const States = {
    ...positive,
    Yes: { Type: "Wait", Seconds: 900, End: true },
  };
  const { Each } = machine(States, { Catch: [{ ErrorEquals: ["States.ALL"], Next: "Caught" }] }).States;
  const definition = { StartAt: "Each", States: { Each, Caught: { Type: "Succeed" } } };

  const run = await workbench.run(definition, [1, -1]);
  const listed = await workbench.call<ListExecutionsCommandOutput>("ListExecutions", { mapRunArn: mapRunArn(run) });

  expect(run).toMatchObject({
    status: "SUCCEEDED",
    seconds: 0,
    output: {
      Error: "States.ExceedToleratedFailureThreshold",
      Cause: "The specified tolerated failure threshold was exceeded",
    },
  });
  expect(run.types.filter((type) => type.startsWith("Map"))).toEqual([
    "MapStateEntered",
    "MapStateStarted",
    "MapRunStarted",
    "MapRunFailed",
    "MapStateFailed",
    "MapStateExited",
  ]);
  expect(listed.executions!.map(({ status }) => status)).toEqual(["FAILED", "ABORTED"]);
});

it("a stopped execution stops its Map Run", async () => {
  const workbench = new Workbench();
  const definition = machine({ A: { Type: "Wait", Seconds: 900, End: true } });
  const executionArn = await workbench.begin(await workbench.create(definition), [1]);
  await workbench.clock.runUntil(start + 1_000);

  await workbench.call("StopExecution", { executionArn });
  await workbench.clock.runUntil(start + 2_000);
  const run = await workbench.look(executionArn);
  const { executions } = await workbench.call<ListExecutionsCommandOutput>("ListExecutions", {
    mapRunArn: mapRunArn(run),
  });

  expect(run.status).toBe("ABORTED");
  expect(executions).toMatchObject([{ status: "ABORTED", stopDate: new Date(start + 1_000) }]);
});

it("items run MaxConcurrency at a time, as Express executions if the processor says so", async () => {
  const workbench = new Workbench();
  const States = {
    W: { Type: "Wait", Seconds: 10, Next: "A" },
    A: { Type: "Pass", Parameters: { "id.$": "$$.Execution.Id" }, End: true },
  };
  const definition = machine(States, { MaxConcurrency: 2 }, "EXPRESS");

  const run = await workbench.run(definition, [1, 2, 3]);
  const listed = await workbench.call<ListExecutionsCommandOutput>("ListExecutions", { mapRunArn: mapRunArn(run) });

  expect(run).toMatchObject({ status: "SUCCEEDED", seconds: 20 });
  expect(run.output).toEqual(Array.from({ length: 3 }, () => ({ id: expect.stringContaining(":express:machine/") })));
  expect(listed.executions).toEqual([]);
});

it("in JSONata, thresholds are expressions", async () => {
  const States = { A: { Type: "Fail" } };
  const definition = (count: string) => ({
    QueryLanguage: "JSONata",
    ...machine(States, { ToleratedFailureCount: `{% ${count} %}` }),
  });

  const tolerated = await new Workbench().run(definition("$count($states.input)"), [1, 2]);
  const wrong = await new Workbench().run(definition("-1"), [1, 2]);

  expect(tolerated).toMatchObject({ status: "SUCCEEDED", output: [] });
  expect(wrong).toMatchObject({ error: "States.QueryEvaluationError", cause: expect.stringContaining("-1") });
});

it.each([
  ["sqs:SendMessage", { status: "FAILED", error: "States.Permissions" }],
  ["states:StartExecution", { status: "SUCCEEDED", output: "[1]" }],
])("with a role that may only %s, the execution ends as %j", async (action, end) => {
  const clock = new VirtualClock(start);
  const aws = createAws({ clock });
  await makeRole(aws, account, "mapping", { Service: "states.amazonaws.com" }, allow(action));
  const call = <Output>(name: string, input: object) => aws.call<Output>("states", name, input, caller);
  const { stateMachineArn } = await call<{ stateMachineArn: string }>("CreateStateMachine", {
    name: "machine",
    definition: JSON.stringify(machine({ A: { Type: "Pass", End: true } })),
    roleArn: `arn:aws:iam::${account}:role/mapping`,
  });

  const { executionArn } = await call<StartExecutionCommandOutput>("StartExecution", { stateMachineArn, input: "[1]" });
  await clock.runUntil(start + 1_000);

  expect(await call("DescribeExecution", { executionArn })).toMatchObject(end);
});
