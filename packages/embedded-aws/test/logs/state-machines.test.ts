import type { LoggingConfiguration } from "@aws-sdk/client-sfn";
import { expect, test } from "vitest";
import { expectRefusal } from "../expect-refusal.ts";
import { allow, makeRole } from "../policy.ts";
import { ACCOUNT, DAY, logsAws, REGION, START } from "./logs.ts";

const group = "/aws/vendedlogs/states/sharing";
const logGroupArn = `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${group}:*`;
const roleArn = `arn:aws:iam::${ACCOUNT}:role/machine`;
const definition = JSON.stringify({
  QueryLanguage: "JSONata",
  StartAt: "Look",
  States: {
    Look: { Type: "Pass", Next: "Give up" },
    "Give up": { Type: "Fail", Error: "TooFew", Cause: "one region" },
  },
});
const DELIVERY = [
  "logs:CreateLogDelivery",
  "logs:GetLogDelivery",
  "logs:UpdateLogDelivery",
  "logs:DeleteLogDelivery",
  "logs:ListLogDeliveries",
  "logs:PutResourcePolicy",
  "logs:DescribeResourcePolicies",
  "logs:DescribeLogGroups",
];

async function machines(Action = DELIVERY) {
  const logs = logsAws();
  await makeRole(logs.aws, ACCOUNT, "machine", { Service: "states.amazonaws.com" }, allow(Action));
  await logs.call("logs", "CreateLogGroup", { logGroupName: group });
  const create = (loggingConfiguration: LoggingConfiguration) =>
    logs.call<{ stateMachineArn: string }>("states", "CreateStateMachine", {
      name: "sharing",
      definition,
      roleArn,
      loggingConfiguration,
    });
  return { ...logs, create };
}

const logging = (level: "ALL" | "ERROR" | "FATAL", includeExecutionData = true): LoggingConfiguration => ({
  level,
  includeExecutionData,
  destinations: [{ cloudWatchLogsLogGroup: { logGroupArn } }],
});

test.each([
  ["ALL", ["ExecutionStarted", "PassStateEntered", "PassStateExited", "FailStateEntered", "ExecutionFailed"]],
  ["ERROR", ["FailStateEntered", "ExecutionFailed"]],
  ["FATAL", ["ExecutionFailed"]],
] as const)("the level %s logs %s", async (level, types) => {
  const { create, call, clock } = await machines();
  const { stateMachineArn } = await create(logging(level));
  const { executionArn } = await call<{ executionArn: string }>("states", "StartExecution", { stateMachineArn });
  await clock.runUntil(START + DAY);

  const { events } = await call<{ events: { message: string; logStreamName: string }[] }>("logs", "FilterLogEvents", {
    logGroupName: group,
  });

  expect(events.map(({ message }) => JSON.parse(message).type)).toEqual(types);
  expect(JSON.parse(events.at(-1)?.message ?? "")).toEqual({
    id: "5",
    type: "ExecutionFailed",
    details: { error: "TooFew", cause: "one region" },
    previous_event_id: "4",
    event_timestamp: String(START),
    execution_arn: executionArn,
    redrive_count: "0",
  });
  expect(events[0]?.logStreamName).toMatch(/^states\/sharing\/2026-04-01-00-00\/[0-9a-f]{8}$/);
});

test("execution data is left out where the machine says so", async () => {
  const { create, call, clock } = await machines();
  const { stateMachineArn } = await create(logging("ALL", false));
  await call("states", "StartExecution", { stateMachineArn, input: '{"token":"secret"}' });
  await clock.runUntil(START + DAY);

  const { events } = await call<{ events: { message: string }[] }>("logs", "FilterLogEvents", { logGroupName: group });

  expect(events.length).toBeGreaterThan(3);
  expect(JSON.stringify(events)).not.toContain("secret");
});

test("a machine keeps its logging configuration, until it is updated", async () => {
  const { create, call } = await machines();
  const { stateMachineArn } = await create(logging("ERROR"));
  const read = async () =>
    (await call<{ loggingConfiguration: object }>("states", "DescribeStateMachine", { stateMachineArn }))
      .loggingConfiguration;

  const before = await read();
  await call("states", "UpdateStateMachine", { stateMachineArn, loggingConfiguration: { level: "OFF" } });

  expect([before, await read()]).toEqual([logging("ERROR"), { level: "OFF", includeExecutionData: false }]);
});

test.each(DELIVERY)("a machine whose role lacks %s cannot log", async (missing) => {
  const { create } = await machines(DELIVERY.filter((one) => one !== missing));

  await expectRefusal(
    create(logging("ERROR")),
    "AccessDeniedException",
    "The state machine IAM Role is not authorized to access the Log Destination",
  );
});

test("a logging configuration names one existing group, with :* at its end", async () => {
  const { create } = await machines();
  const to = (...arns: string[]): LoggingConfiguration => ({
    level: "ALL",
    destinations: arns.map((one) => ({ cloudWatchLogsLogGroup: { logGroupArn: one } })),
  });

  for (const wrong of [to(), to(logGroupArn.slice(0, -2)), to(logGroupArn.replace("sharing", "none"))]) {
    await expect(create(wrong)).rejects.toMatchObject({ code: "InvalidLoggingConfiguration" });
  }
});
