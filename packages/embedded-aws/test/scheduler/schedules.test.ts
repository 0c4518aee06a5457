import { describe, expect, it } from "vitest";
import { AwsError, type Call, type Operation } from "../../src/engine/operation.ts";
import { ACCOUNT, newEvents, REGION, START } from "../events/new-events.ts";
import { expectRefusal } from "../expect-refusal.ts";

const FUNCTION = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:start-build`;
const QUEUE = `arn:aws:sqs:${REGION}:${ACCOUNT}:dead-letters`;
const ROLE = `arn:aws:iam::${ACCOUNT}:role/acme-schedules`;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

function newSchedules(fail?: () => AwsError) {
  const invocations: { at: string; payload: string; call: Call }[] = [];
  const Invoke: Operation<{ Payload: Uint8Array }> = {
    run({ Payload }, call) {
      const at = new Date(call.aws.clock.now()).toISOString().slice(0, 16);
      invocations.push({ at, payload: Buffer.from(Payload).toString(), call });
      if (fail) throw fail();
      return {};
    },
  };
  const embedded = newEvents({ lambda: { Invoke: Invoke as Operation } });
  const create = (settings: object, target: object = {}) =>
    embedded.scheduler("CreateSchedule", {
      Name: "patch",
      ScheduleExpression: "cron(0 3 * * ? *)",
      FlexibleTimeWindow: { Mode: "OFF" },
      Target: { Arn: FUNCTION, RoleArn: ROLE, ...target },
      ...settings,
    });
  return { ...embedded, invocations, create, times: () => invocations.map(({ at }) => at) };
}

describe("a schedule", () => {
  it("invokes its target with the target's role and the context it asked for", async () => {
    const { clock, create, invocations } = newSchedules();
    const Input =
      '{"trigger":"schedule","scheduledTime":"<aws.scheduler.scheduled-time>","schedule":"<aws.scheduler.schedule-arn>","attempt":"<aws.scheduler.attempt-number>"}';

    await create({}, { Input });
    await clock.runUntil(START + DAY);

    expect(invocations).toHaveLength(1);
    expect(JSON.parse(invocations[0]?.payload ?? "")).toEqual({
      trigger: "schedule",
      scheduledTime: "2026-04-02T03:00:00Z",
      schedule: `arn:aws:scheduler:${REGION}:${ACCOUNT}:schedule/default/patch`,
      attempt: "1",
    });
    expect(invocations[0]?.call.principal).toMatchObject({ kind: "role", roleArn: ROLE });
  });

  it("runs once a month for a year with one timer at a time", async () => {
    const { clock, create, times } = newSchedules();

    await create({ ScheduleExpression: "cron(0 17 ? * TUE#2 *)" });
    await clock.runUntil(START + 365 * DAY);

    expect(times()).toHaveLength(12);
    expect(times().slice(0, 3)).toEqual(["2026-04-14T17:00", "2026-05-12T17:00", "2026-06-09T17:00"]);
  });

  it("with a rate begins at once, and then keeps its pace", async () => {
    const { clock, create, times } = newSchedules();

    await create({ ScheduleExpression: "rate(1 hour)" });
    await clock.runUntil(START + 2 * HOUR);

    expect(times()).toEqual(["2026-04-01T08:00", "2026-04-01T09:00", "2026-04-01T10:00"]);
  });

  it("keeps to its start and end", async () => {
    const { clock, create, times } = newSchedules();

    await create({ StartDate: new Date(START + 2 * DAY), EndDate: new Date(START + 4 * DAY) });
    await clock.runUntil(START + 30 * DAY);

    expect(times()).toEqual(["2026-04-04T03:00", "2026-04-05T03:00"]);
  });

  it("follows the clocks of its zone", async () => {
    const { clock, create, times } = newSchedules();

    await create({ ScheduleExpressionTimezone: "Europe/Zurich" });
    await clock.runUntil(START + DAY);

    expect(times()).toEqual(["2026-04-02T01:00"]);
  });

  it("with a flexible window runs somewhere in it, at the same moment in every run", async () => {
    const runs = [newSchedules(), newSchedules()];

    for (const { clock, create } of runs) {
      await create({ FlexibleTimeWindow: { Mode: "FLEXIBLE", MaximumWindowInMinutes: 60 } });
      await clock.runUntil(START + DAY);
    }

    const [first = [], second] = runs.map(({ times }) => times());
    expect(first).toHaveLength(1);
    expect(first[0]! >= "2026-04-02T03:00" && first[0]! < "2026-04-02T04:00").toBe(true);
    expect(second).toEqual(first);
  });

  it("that is disabled, deleted or done runs no more", async () => {
    const { clock, create, scheduler, times } = newSchedules();
    await create({ Name: "disabled", State: "DISABLED" });
    await create({ Name: "deleted" });
    await create({ Name: "done", ScheduleExpression: "at(2026-04-01T09:00:00)", ActionAfterCompletion: "DELETE" });

    await scheduler("DeleteSchedule", { Name: "deleted" });
    await clock.runUntil(START + 2 * DAY);

    expect(times()).toEqual(["2026-04-01T09:00"]);
    expect(await scheduler("ListSchedules", {})).toMatchObject({ Schedules: [{ Name: "disabled" }] });
  });

  it("runs by its new settings after an update", async () => {
    const { clock, create, scheduler, times } = newSchedules();
    await create({});

    const Target = { Arn: FUNCTION, RoleArn: ROLE };
    const FlexibleTimeWindow = { Mode: "OFF" };
    await scheduler("UpdateSchedule", {
      Name: "patch",
      ScheduleExpression: "cron(0 12 * * ? *)",
      FlexibleTimeWindow,
      Target,
    });
    await clock.runUntil(START + DAY);

    expect(times()).toEqual(["2026-04-01T12:00"]);
  });

  it("that cannot reach its target tries again, then parks the request with the reason", async () => {
    const throttled = () => new AwsError("TooManyRequestsException", "Rate exceeded");
    const { clock, create, invocations, sqs } = newSchedules(throttled);
    await sqs("CreateQueue", { QueueName: "dead-letters" });

    await create({}, { RetryPolicy: { MaximumRetryAttempts: 2 }, DeadLetterConfig: { Arn: QUEUE }, Input: '{"a":1}' });
    await clock.runUntil(START + DAY);

    expect(invocations).toHaveLength(3);
    const QueueUrl = `http://127.0.0.1:4566/${ACCOUNT}/dead-letters`;
    const { Messages } = await sqs("ReceiveMessage", { QueueUrl, MessageAttributeNames: ["All"] });
    expect(Messages).toMatchObject([
      {
        Body: JSON.stringify({ FunctionName: FUNCTION, InvocationType: "Event", Payload: '{"a":1}' }),
        MessageAttributes: {
          ERROR_CODE: { StringValue: "TooManyRequestsException" },
          ERROR_MESSAGE: { StringValue: "Rate exceeded" },
          EXHAUSTED_RETRY_CONDITION: { StringValue: "MaximumRetryAttempts" },
          RETRY_ATTEMPTS: { StringValue: "2" },
          SCHEDULED_TIME: { StringValue: "2026-04-02T03:00:00Z" },
          SCHEDULE_ARN: { StringValue: `arn:aws:scheduler:${REGION}:${ACCOUNT}:schedule/default/patch` },
          TARGET_ARN: { StringValue: FUNCTION },
        },
      },
    ]);
  });
});

describe("a schedule that cannot be", () => {
  const refused: [string, object, object, string][] = [
    [
      "a bad expression",
      { ScheduleExpression: "cron(0 1 * * * *)" },
      {},
      "Invalid Schedule Expression cron(0 1 * * * *).",
    ],
    ["a zone that is none", { ScheduleExpressionTimezone: "Mars/Olympus" }, {}, "Mars/Olympus"],
    ["a group that does not exist", { GroupName: "acme" }, {}, "Schedule group acme does not exist."],
    ["no role", {}, { RoleArn: "acme" }, "Value 'acme' at 'target.roleArn' failed to satisfy constraint"],
    [
      "a target of a kind that is not built",
      {},
      { Arn: "arn:aws:scheduler:::aws-sdk:ec2:startInstances" },
      "not built",
    ],
    ["a window without a length", { FlexibleTimeWindow: { Mode: "FLEXIBLE" } }, {}, "MaximumWindowInMinutes"],
  ];

  it.each(refused)("is refused for %s", async (_, settings, target, reason) => {
    const { create } = newSchedules();

    await expect(create(settings, target)).rejects.toThrow(reason);
  });

  it("is refused when there is one of that name in the group, and only there", async () => {
    const { create, scheduler } = newSchedules();
    await scheduler("CreateScheduleGroup", { Name: "acme" });
    await create({});

    await create({ GroupName: "acme" });

    await expectRefusal(create({}), "ConflictException", "Schedule patch already exists.");
    expect(await scheduler("ListSchedules", { GroupName: "acme" })).toMatchObject({
      Schedules: [{ GroupName: "acme" }],
    });
  });
});
