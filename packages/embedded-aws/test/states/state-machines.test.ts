import { describe, expect, it } from "vitest";
import { accountPrincipal } from "../../src/engine/principal.ts";
import { service as logs } from "../../src/services/logs/service.ts";
import { machine, roleArn, Workbench } from "./workbench.ts";

const done = machine({ Done: { Type: "Succeed" } });
const create = (workbench: Workbench, definition: unknown, name = "machine") =>
  workbench.call("CreateStateMachine", {
    name,
    roleArn,
    definition: typeof definition === "string" ? definition : JSON.stringify(definition),
  });

it("creating the same machine twice is once; another definition under the name is refused", async () => {
  const workbench = new Workbench();
  const first = await create(workbench, done);

  const second = await create(workbench, done);
  const other = create(workbench, machine({ Other: { Type: "Succeed" } }));

  expect(second).toEqual(first);
  await expect(other).rejects.toMatchObject({ code: "StateMachineAlreadyExists" });
});

it("an update changes what starts from then on, not what runs", async () => {
  const workbench = new Workbench();
  const stateMachineArn = await workbench.create(
    machine({ Wait: { Type: "Wait", Seconds: 10, Output: "old", End: true } }),
  );
  const running = await workbench.begin(stateMachineArn);

  await workbench.call("UpdateStateMachine", {
    stateMachineArn,
    definition: JSON.stringify(machine({ Tell: { Type: "Pass", Output: "new", End: true } })),
  });
  const later = await workbench.begin(stateMachineArn);
  await workbench.clock.runUntil(workbench.clock.now() + 60_000);

  expect((await workbench.look(running)).output).toBe("old");
  expect((await workbench.look(later)).output).toBe("new");
});

it("a deleted machine lets its executions end, then it is gone", async () => {
  const workbench = new Workbench();
  const stateMachineArn = await workbench.create(machine({ Wait: { Type: "Wait", Seconds: 10, End: true } }));
  await workbench.begin(stateMachineArn);

  await workbench.call("DeleteStateMachine", { stateMachineArn });

  expect(await workbench.call("DescribeStateMachine", { stateMachineArn })).toMatchObject({ status: "DELETING" });
  await expect(workbench.begin(stateMachineArn)).rejects.toMatchObject({ code: "StateMachineDeleting" });
  await workbench.clock.runUntil(workbench.clock.now() + 60_000);
  const gone = workbench.call("DescribeStateMachine", { stateMachineArn });
  await expect(gone).rejects.toMatchObject({ code: "StateMachineDoesNotExist" });
});

const definition = JSON.stringify(machine({ Done: { Type: "Succeed" } }));
const logGroupArn = "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/vendedlogs/states/machine:*";
const loggingConfiguration = {
  level: "ERROR",
  includeExecutionData: true,
  destinations: [{ cloudWatchLogsLogGroup: { logGroupArn } }],
};
const tracingConfiguration = { enabled: true };
const encryptionConfiguration = {
  type: "CUSTOMER_MANAGED_KMS_KEY",
  kmsKeyId: "arn:aws:kms:eu-west-1:111122223333:key/1",
  kmsDataKeyReusePeriodSeconds: 60,
};
const usual = {
  loggingConfiguration: { level: "OFF", includeExecutionData: false },
  tracingConfiguration: { enabled: false },
  encryptionConfiguration: { type: "AWS_OWNED_KEY" },
};

async function newMachine(settings: object = {}) {
  const workbench = new Workbench({}, { logs });
  const caller = { principal: accountPrincipal("111122223333"), region: "eu-west-1" };
  await workbench.aws.call("logs", "CreateLogGroup", { logGroupName: "/aws/vendedlogs/states/machine" }, caller);
  const create = (more: object = settings) =>
    workbench.call<{ stateMachineArn: string }>("CreateStateMachine", { name: "m", roleArn, definition, ...more });
  const { stateMachineArn } = await create();
  return {
    create,
    described: () => workbench.call("DescribeStateMachine", { stateMachineArn }),
    update: (more: object) => workbench.call("UpdateStateMachine", { stateMachineArn, ...more }),
  };
}

describe("a state machine's logging, tracing and encryption", () => {
  it("are off unless it was made with them", async () => {
    const { described } = await newMachine();

    expect(await described()).toMatchObject(usual);
  });

  it("are shown as the machine was made", async () => {
    const settings = { loggingConfiguration, tracingConfiguration, encryptionConfiguration };
    const { described } = await newMachine(settings);

    expect(await described()).toMatchObject(settings);
  });

  it("are changed one by one, and stay through changes of the definition", async () => {
    const { described, update } = await newMachine({ loggingConfiguration });

    await update({ tracingConfiguration });
    await update({ definition });

    expect(await described()).toMatchObject({ loggingConfiguration, tracingConfiguration });
    await update({ loggingConfiguration: { level: "OFF" } });
    expect(await described()).toMatchObject({ ...usual, tracingConfiguration });
  });

  it("make another machine: the name is taken", async () => {
    const { create } = await newMachine({ loggingConfiguration });

    await expect(create({})).rejects.toMatchObject({ code: "StateMachineAlreadyExists" });
    expect(await create({ loggingConfiguration, roleArn: `${roleArn}-other` })).toMatchObject({
      stateMachineArn: expect.anything(),
    });
  });

  it("of a log group that is none are refused", async () => {
    const { update } = await newMachine();
    const logged = (destinations: object[]) =>
      update({ loggingConfiguration: { level: "ALL", includeExecutionData: false, destinations } });
    const invalid = { code: "InvalidLoggingConfiguration" };

    await expect(logged([])).rejects.toMatchObject(invalid);
    const noGroup = { cloudWatchLogsLogGroup: { logGroupArn: logGroupArn.replace(":*", "") } };
    await expect(logged([noGroup])).rejects.toMatchObject(invalid);
  });
});
