import { ResumeProcessesCommand, SuspendProcessesCommand } from "@aws-sdk/client-auto-scaling";
import { CloudWatchClient, PutMetricAlarmCommand, SetAlarmStateCommand } from "@aws-sdk/client-cloudwatch";
import { CreateDocumentCommand, SSMClient } from "@aws-sdk/client-ssm";
import { expect, test } from "vitest";
import { HOME } from "../world/factory-of.ts";
import { HOUR, MINUTE } from "../world/time.ts";
import { type DirectWorld, openDirect } from "./histories/direct-world.ts";
import { type Built, PRODUCTION, TESTING } from "./rollout-driver.ts";

const amiOf = ({ amis }: Built): string => amis[HOME] ?? "";
const ALARM = {
  AlarmName: "errors",
  Namespace: "app",
  MetricName: "errors",
  Statistic: "Sum",
  Period: 60,
  EvaluationPeriods: 1,
  Threshold: 1,
  ComparisonOperator: "GreaterThanThreshold",
  TreatMissingData: "ignore",
} as const;
const ONE_WAVE = { waves: [{ name: "all", bake: "2m" }] };

/** `good` must get the build whatever is wrong with the others. */
async function goodIsDone(world: DirectWorld, built: Built): Promise<void> {
  expect((await world.states()).good).toBe("done");
  expect(await world.amis("good", TESTING)).toEqual([amiOf(built), amiOf(built)]);
}

test("a suspended process and alarms that ring already hold a group; it has its turn when they are gone", async () => {
  const world = await openDirect({ rollout: ONE_WAVE });
  const first = await world.promote(1);
  await world.addGroup("good", { account: TESTING, image: amiOf(first) });
  await world.addGroup("shop", { image: amiOf(first) });
  const suspended = { AutoScalingGroupName: "shop", ScalingProcesses: ["InstanceRefresh"] };
  await world.autoScaling().send(new SuspendProcessesCommand(suspended));
  const second = await world.promote(2);
  await world.start();
  await world.drive(async () => (await world.record())?.index === 2);
  await world.drive(undefined, 1).catch(() => undefined);

  expect((await world.states()).shop).toBe("held: its owner suspended the process InstanceRefresh");
  expect(await world.record()).toMatchObject({
    state: "running",
    why: expect.stringMatching(/^1 held, such as shop .* its owner suspended the process InstanceRefresh$/),
  });

  await world.autoScaling().send(new ResumeProcessesCommand(suspended));
  await world.drive();
  await goodIsDone(world, second);
  expect((await world.states()).shop).toBe("done");
  expect((await world.record())?.state).toBe("done");
});

test("a roll-out does not wait for ever for what its owner holds", async () => {
  const world = await openDirect({ rollout: ONE_WAVE });
  const first = await world.promote(1);
  await world.addGroup("good", { account: TESTING, image: amiOf(first) });
  await world.addGroup("shop", { image: amiOf(first) });
  const suspended = { AutoScalingGroupName: "shop", ScalingProcesses: ["InstanceRefresh"] };
  await world.autoScaling().send(new SuspendProcessesCommand(suspended));
  const second = await world.promote(2);

  await world.start();
  await world.drive();

  await goodIsDone(world, second);
  expect(await world.record()).toMatchObject({ state: "done" });
  expect((await world.states()).shop).toMatch(/^held/);
  expect(world.details("rollout.ended")).toMatchObject([
    { groups: { held: 1, done: 1 }, without: [expect.any(String)] },
  ]);
});

/** A calendar that is open but for an event. */
async function openCalendar(world: DirectWorld, account: string, event: readonly string[]): Promise<void> {
  const lines = [
    "BEGIN:VCALENDAR",
    "PRODID:-//AWS//Change Calendar 1.0//EN",
    "VERSION:2.0",
    "X-CALENDAR-TYPE:DEFAULT_OPEN",
    ...(event.length > 0 ? ["BEGIN:VEVENT", "UID:0", "DTSTAMP:20260101T000000Z", ...event, "END:VEVENT"] : []),
    "END:VCALENDAR",
    "",
  ];
  await world.client(SSMClient, { account, region: HOME }).send(
    new CreateDocumentCommand({
      Name: "freeze",
      Content: lines.join("\r\n"),
      DocumentType: "ChangeCalendar",
      DocumentFormat: "TEXT",
    }),
  );
}

test("a closed change calendar holds an account's groups", async () => {
  const world = await openDirect({
    rollout: ONE_WAVE,
    consumers: { calendars: ["freeze"], templateVersions: [TESTING, PRODUCTION] },
  });
  const first = await world.promote(1);
  await world.addGroup("good", { account: TESTING, image: amiOf(first) });
  await world.addGroup("shop", { image: amiOf(first) });
  await openCalendar(world, TESTING, []);
  await openCalendar(world, PRODUCTION, ["DTSTART:20260401T000000Z", "DTEND:20260402T000000Z"]);
  const second = await world.promote(2);
  await world.start();
  await world.drive(async () => (await world.record())?.why?.includes("held") ?? false);
  expect((await world.states()).shop).toBe(
    "held: a change calendar of its account is closed until 2026-04-02T00:00:00Z",
  );

  await world.drive();
  await goodIsDone(world, second);
  expect((await world.states()).shop).toBe("done");
});

test("an alarm that rings already holds a group, which a refresh would fail at once", async () => {
  const world = await openDirect({ rollout: { ...ONE_WAVE, alarms: ["errors"] } });
  const first = await world.promote(1);
  await world.addGroup("good", { account: TESTING, image: amiOf(first) });
  await world.addGroup("shop", { image: amiOf(first) });
  for (const account of [TESTING, PRODUCTION]) {
    const client = world.client(CloudWatchClient, { account, region: HOME });
    await client.send(new PutMetricAlarmCommand(ALARM));
    const StateValue = account === PRODUCTION ? "ALARM" : "OK";
    await client.send(new SetAlarmStateCommand({ AlarmName: "errors", StateValue, StateReason: "a test" }));
  }
  const second = await world.promote(2);
  await world.start();
  await world.drive(async () => (await world.record())?.index === 2);
  expect((await world.states()).shop).toBe("held: in ALARM already: errors");

  await world
    .client(CloudWatchClient, { account: PRODUCTION, region: HOME })
    .send(new SetAlarmStateCommand({ AlarmName: "errors", StateValue: "OK", StateReason: "a test" }));
  await world.drive();
  await goodIsDone(world, second);
  expect((await world.states()).shop).toBe("done");
});

test("a blackout of the factory's holds a roll-out back, and what is under way ends in it", async () => {
  const blackout = { cron: "0 9 ? * * *", timezone: "UTC", duration: "3h", reason: "the yearly sale" };
  const world = await openDirect({ rollout: ONE_WAVE, factory: { blackouts: [blackout] } as never });
  const first = await world.promote(1);
  await world.addGroup("good", { account: TESTING, image: amiOf(first) });
  await world.addGroup("shop", { image: amiOf(first) });
  const second = await world.promote(2);
  await world.pass(HOUR + 5 * MINUTE);

  await world.start();
  await world.drive(async () => (await world.record())?.why !== undefined);
  expect((await world.record())?.why).toBe("a blackout: the yearly sale");
  await world.drive();

  await goodIsDone(world, second);
  expect((await world.refreshes("shop"))[0]?.StartTime?.getUTCHours()).toBeGreaterThanOrEqual(12);
});
