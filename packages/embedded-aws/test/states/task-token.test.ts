import { expect, it } from "vitest";
import { functionArn, machine, start, Workbench } from "./workbench.ts";

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

  await expect(again).rejects.toMatchObject({ code: "TaskTimedOut" });
  await expect(invented).rejects.toMatchObject({ code: "InvalidToken" });
});

it("an output that is not JSON is refused and leaves the task waiting", async () => {
  const { workbench, execution, taskToken } = await waiting();

  const refused = workbench.call("SendTaskSuccess", { taskToken, output: "{" });

  await expect(refused).rejects.toMatchObject({ code: "InvalidOutput" });
  expect((await workbench.look(execution)).status).toBe("RUNNING");
});
