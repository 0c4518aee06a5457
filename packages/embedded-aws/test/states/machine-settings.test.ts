import { describe, expect, it } from "vitest";
import { accountPrincipal } from "../../src/engine/principal.ts";
import { service as logs } from "../../src/services/logs/service.ts";
import { machine, roleArn, Workbench } from "./workbench.ts";

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
    versions: () => workbench.call("ListStateMachineVersions", { stateMachineArn }),
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

it("a state machine without versions lists none", async () => {
  const { versions } = await newMachine();

  expect(await versions()).toEqual({ stateMachineVersions: [] });
});
