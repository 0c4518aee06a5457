import type { StartSyncExecutionCommandOutput } from "@aws-sdk/client-sfn";
import { expect, it } from "vitest";
import { codeOf, containing, expectRefusal } from "../expect-refusal.ts";
import { roleArn, start, Workbench } from "./workbench.ts";

const machine = (States: Record<string, object>) => ({ StartAt: Object.keys(States)[0], States });

const format = machine({
  A: { Type: "Pass", Parameters: { "hello.$": "States.Format('Hello {}', $.name)" }, End: true },
});

async function express(definition: object, workbench = new Workbench()) {
  const { stateMachineArn } = await workbench.call<{ stateMachineArn: string }>("CreateStateMachine", {
    name: "quick",
    type: "EXPRESS",
    definition: JSON.stringify(definition),
    roleArn,
  });
  const sync = (input: object = {}, more: object = {}) => {
    const call = { stateMachineArn, input: JSON.stringify(input), ...more };
    return workbench.clock.runUntilDone(workbench.call<StartSyncExecutionCommandOutput>("StartSyncExecution", call));
  };
  return { workbench, stateMachineArn, sync };
}

it("a synchronous execution of an Express machine answers with its output, also twice with one name", async () => {
  const { sync, stateMachineArn } = await express(format);

  const [first, second] = [await sync({ name: "Ann" }, { name: "run" }), await sync({ name: "Bea" }, { name: "run" })];

  expect(first).toEqual({
    executionArn: expect.stringMatching(/^arn:aws:states:eu-west-1:111122223333:express:quick:run:[\da-f-]{36}$/),
    stateMachineArn,
    name: "run",
    startDate: new Date(start),
    stopDate: new Date(start),
    status: "SUCCEEDED",
    input: '{"name":"Ann"}',
    inputDetails: { included: true },
    output: '{"hello":"Hello Ann"}',
    outputDetails: { included: true },
    billingDetails: { billedDurationInMilliseconds: 100, billedMemoryUsedInMB: 64 },
  });
  expect(second.executionArn).not.toBe(first.executionArn);
  expect(second.output).toBe('{"hello":"Hello Bea"}');
});

it("without the data, the answer has only whether there is some", async () => {
  const { sync } = await express(format);

  const answer = await sync({ name: "Ann" }, { includedData: "METADATA_ONLY" });

  expect(answer).toMatchObject({ inputDetails: { included: false }, outputDetails: { included: false } });
  expect(answer).not.toHaveProperty("input");
  expect(answer).not.toHaveProperty("output");
});

it("a failure is an answer, and so is a time-out after five minutes", async () => {
  const failing = await express(machine({ A: { Type: "Fail", Error: "Broken", Cause: "no reason" } }));
  const endless = await express(machine({ A: { Type: "Wait", Seconds: 3_600, End: true } }));

  const failed = await failing.sync();
  const late = await endless.sync();

  expect(failed).toMatchObject({ status: "FAILED", error: "Broken", cause: "no reason" });
  expect(late).toMatchObject({ status: "TIMED_OUT", stopDate: new Date(start + 300_000) });
  expect(late.billingDetails?.billedDurationInMilliseconds).toBe(300_000);
});

it("an asynchronous execution runs, but cannot be described, listed or stopped", async () => {
  const asked: string[] = [];
  const sqs = {
    name: "sqs",
    client: () => import("@aws-sdk/client-sqs"),
    operations: {
      SendMessage: {
        run({ MessageBody }: { MessageBody: string }) {
          asked.push(MessageBody);
          return { MessageId: "message" };
        },
      },
    },
  };
  const Parameters = { QueueUrl: "queue", "MessageBody.$": "$.name" };
  const sending = machine({ A: { Type: "Task", Resource: "arn:aws:states:::sqs:sendMessage", Parameters, End: true } });
  const { workbench, stateMachineArn } = await express(sending, new Workbench({}, { sqs }));

  const executionArn = await workbench.begin(stateMachineArn, { name: "Ann" });
  await workbench.clock.runUntil(start + 1_000);

  expect(asked).toEqual(["Ann"]);
  for (const operation of ["DescribeExecution", "GetExecutionHistory", "StopExecution"]) {
    const message = "Invalid Arn: 'Resource type not valid in this context: express'";
    await expectRefusal(workbench.call(operation, { executionArn }), "InvalidArn", message);
  }
  expect(await codeOf(workbench.call("ListExecutions", { stateMachineArn }))).toBe("StateMachineTypeNotSupported");
});

it("a Standard machine has no synchronous executions; its type is part of what makes it the same machine", async () => {
  const { workbench, stateMachineArn } = await express(format);
  const standard = await workbench.create(format, "slow");
  const { type } = await workbench.call<{ type: string }>("DescribeStateMachine", { stateMachineArn });
  const { stateMachines } = await workbench.call<{ stateMachines: { type: string }[] }>("ListStateMachines", {});

  expect([type, ...stateMachines.map((one) => one.type)]).toEqual(["EXPRESS", "EXPRESS", "STANDARD"]);
  await expectRefusal(
    workbench.call("StartSyncExecution", { stateMachineArn: standard }),
    "StateMachineTypeNotSupported",
    "This operation is not supported by this type of state machine",
  );
  await expectRefusal(workbench.create(format, "quick"), "StateMachineAlreadyExists", containing(stateMachineArn));
  const definition = JSON.stringify(
    machine({ A: { Type: "Task", Resource: "arn:aws:states:::sqs:sendMessage.waitForTaskToken", End: true } }),
  );
  await expectRefusal(
    workbench.call("UpdateStateMachine", { stateMachineArn, definition }),
    "InvalidDefinition",
    containing("Express state machine does not support '.waitForTaskToken'"),
  );
});
