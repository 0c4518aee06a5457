import type { ListExecutionsCommandOutput } from "@aws-sdk/client-sfn";
import { expect, it } from "vitest";
import { Workbench } from "./workbench.ts";

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
