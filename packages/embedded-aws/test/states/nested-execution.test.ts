import type { ListExecutionsCommandOutput } from "@aws-sdk/client-sfn";
import { expect, it } from "vitest";
import { expectRefusal } from "../expect-refusal.ts";
import { functionArn, machine, start, Workbench } from "./workbench.ts";

const inner = (state: object) => ({ StartAt: "Inner", States: { Inner: state } });

/** A machine that starts the machine of that name, in JSONPath. */
async function outer(workbench: Workbench, pattern: string, states: object, more: object = {}) {
  const StateMachineArn = await workbench.create(states, "inner");
  return {
    StartAt: "Start",
    States: {
      Start: {
        Type: "Task",
        Resource: `arn:aws:states:::states:startExecution${pattern}`,
        Parameters: { StateMachineArn, Input: { "n.$": "$.n" } },
        End: true,
        ...more,
      },
    },
  };
}

it("states:startExecution continues when the other execution has begun", async () => {
  const workbench = new Workbench();
  const definition = await outer(workbench, "", inner({ Type: "Wait", Seconds: 60, End: true }));

  const run = await workbench.run(definition, { n: 1 });

  expect(run).toMatchObject({ status: "SUCCEEDED", seconds: 0 });
  expect(run.output).toMatchObject({ ExecutionArn: expect.stringContaining(":execution:inner:") });
});

it(".sync waits for the other execution's end, and gives its output as text", async () => {
  const workbench = new Workbench();
  const definition = await outer(workbench, ".sync", inner({ Type: "Wait", Seconds: 60, End: true }));

  const run = await workbench.run(definition, { n: 1 });

  expect(run.seconds).toBe(60);
  expect(run.output).toMatchObject({ Status: "SUCCEEDED", Input: '{"n":1}', Output: '{"n":1}' });
  expect(run.types).toEqual([
    "ExecutionStarted",
    "TaskStateEntered",
    "TaskScheduled",
    "TaskStarted",
    "TaskSubmitted",
    "TaskSucceeded",
    "TaskStateExited",
    "ExecutionSucceeded",
  ]);
});

it(".sync:2 gives input and output as JSON", async () => {
  const workbench = new Workbench();
  const definition = await outer(workbench, ".sync:2", inner({ Type: "Pass", End: true }), {
    OutputPath: "$.Output.n",
  });

  const run = await workbench.run(definition, { n: 7 });

  expect(run.output).toBe(7);
});

it("the other execution's failure is the task's, with what it was in the cause", async () => {
  const workbench = new Workbench();
  const definition = await outer(workbench, ".sync:2", inner({ Type: "Fail", Error: "Broken", Cause: "no reason" }));

  const run = await workbench.run(definition, { n: 1 });

  expect(run).toMatchObject({ status: "FAILED", error: "States.TaskFailed" });
  expect(JSON.parse(run.cause!)).toMatchObject({ Status: "FAILED", Error: "Broken", Cause: "no reason" });
});

it("a task whose time is over stops the other execution", async () => {
  const workbench = new Workbench();
  const definition = await outer(workbench, ".sync", inner({ Type: "Wait", Seconds: 60, End: true }), {
    TimeoutSeconds: 10,
  });

  const run = await workbench.run(definition, { n: 1 });

  const stateMachineArn = definition.States.Start.Parameters.StateMachineArn;
  const { executions } = await workbench.call<ListExecutionsCommandOutput>("ListExecutions", { stateMachineArn });
  expect(run).toMatchObject({ error: "States.Timeout", seconds: 10 });
  expect(executions).toMatchObject([{ status: "ABORTED" }]);
});

const ask = (more: object = {}) => ({
  Type: "Task",
  Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken",
  Arguments: { FunctionName: functionArn("ask"), Payload: { token: "{% $states.context.Task.Token %}" } },
  ...more,
});

/** A machine that waits for an answer, and the token it gave away. */
async function waiting(more: object = {}) {
  const tokens: string[] = [];
  const workbench = new Workbench({ ask: (event) => void tokens.push((event as { token: string }).token) });
  const Catch = [
    { ErrorEquals: ["States.HeartbeatTimeout"], Output: "no heartbeat", Next: "Done" },
    { ErrorEquals: ["States.ALL"], Next: "Done" },
  ];
  const definition = machine({ Ask: ask({ Catch, Next: "Done", ...more }), Done: { Type: "Succeed" } });
  const execution = await workbench.begin(await workbench.create(definition));
  await workbench.clock.settle();
  return { workbench, execution, taskToken: tokens[0]! };
}

it("waits days for SendTaskSuccess and continues with its output", async () => {
  const { workbench, execution, taskToken } = await waiting();
  await workbench.clock.runUntil(start + 3 * 24 * 3_600_000);

  await workbench.call("SendTaskSuccess", { taskToken, output: '{"approved":true}' });
  await workbench.clock.settle();

  const run = await workbench.look(execution);
  expect(run).toMatchObject({ status: "SUCCEEDED", output: { approved: true } });
  expect(run.types).toContain("TaskSubmitted");
});

it("SendTaskFailure is the task's error", async () => {
  const { workbench, execution, taskToken } = await waiting();

  await workbench.call("SendTaskFailure", { taskToken, error: "Denied", cause: "by hand" });
  await workbench.clock.settle();

  expect((await workbench.look(execution)).output).toEqual({ Error: "Denied", Cause: "by hand" });
});

it("heartbeats keep it alive; without one it is States.HeartbeatTimeout", async () => {
  const { workbench, execution, taskToken } = await waiting({ HeartbeatSeconds: 60 });
  await workbench.clock.runUntil(start + 50_000);
  await workbench.call("SendTaskHeartbeat", { taskToken });
  await workbench.clock.runUntil(start + 100_000);
  const still = await workbench.look(execution);

  await workbench.clock.runUntil(start + 200_000);

  const run = await workbench.look(execution);
  expect(still.status).toBe("RUNNING");
  expect(run).toMatchObject({ status: "SUCCEEDED", output: "no heartbeat", seconds: 110 });
});

it("a token is good once, and an invented one never", async () => {
  const { workbench, taskToken } = await waiting();
  await workbench.call("SendTaskSuccess", { taskToken, output: "1" });

  const again = workbench.call("SendTaskSuccess", { taskToken, output: "2" });
  const invented = workbench.call("SendTaskSuccess", { taskToken: "x", output: "2" });

  await expectRefusal(again, "TaskTimedOut");
  await expectRefusal(invented, "InvalidToken");
});

it("an output that is not JSON is refused and leaves the task waiting", async () => {
  const { workbench, execution, taskToken } = await waiting();

  await expectRefusal(workbench.call("SendTaskSuccess", { taskToken, output: "{" }), "InvalidOutput");
  expect((await workbench.look(execution)).status).toBe("RUNNING");
});
