import { CreateDocumentCommand, SSMClient } from "@aws-sdk/client-ssm";
import { expect, test } from "vitest";
import { HOME } from "../world/factory-of.ts";
import { HOUR, MINUTE } from "../world/time.ts";
import { type DirectWorld, openShop } from "./histories/direct-world.ts";
import { ONE_WAVE, PRODUCTION, TESTING } from "./rollout-driver.ts";

test("a suspended process and alarms that ring already hold a group; it has its turn when they are gone", async () => {
  const world = await openShop();
  await world.suspend("shop");
  const second = await world.follow(2, async () => (await world.record())?.index === 2);
  await world.drive(undefined, 1).catch(() => undefined);

  expect((await world.states()).shop).toBe("held: its owner suspended the process InstanceRefresh");
  expect(await world.record()).toMatchObject({
    state: "running",
    why: expect.stringMatching(/^1 held, such as shop .* its owner suspended the process InstanceRefresh$/),
  });

  await world.release("shop");
  await world.drive();
  await world.goodIsDone(second);
  expect((await world.states()).shop).toBe("done");
  expect((await world.record())?.state).toBe("done");
});

test("a roll-out does not wait for ever for what its owner holds", async () => {
  const world = await openShop();
  await world.suspend("shop");

  const second = await world.follow(2);

  await world.goodIsDone(second);
  expect(await world.record()).toMatchObject({ state: "done" });
  expect((await world.states()).shop).toMatch(/^held/);
  expect(world.details("rollout.ended")).toMatchObject([
    { groups: { held: 1, done: 1 }, without: [expect.any(String)] },
  ]);
});

/** A calendar that is open but for an event. */
async function openCalendar(
  world: Pick<DirectWorld, "client">,
  account: string,
  event: readonly string[],
): Promise<void> {
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
  const world = await openShop({ consumers: { calendars: ["freeze"], templateVersions: [TESTING, PRODUCTION] } });
  await openCalendar(world, TESTING, []);
  await openCalendar(world, PRODUCTION, ["DTSTART:20260401T000000Z", "DTEND:20260402T000000Z"]);
  const second = await world.follow(2, async () => (await world.record())?.why?.includes("held") ?? false);
  expect((await world.states()).shop).toBe(
    "held: a change calendar of its account is closed until 2026-04-02T00:00:00Z",
  );

  await world.drive();
  await world.goodIsDone(second);
  expect((await world.states()).shop).toBe("done");
});

test("an alarm that rings already holds a group, which a refresh would fail at once", async () => {
  const world = await openShop({ rollout: { ...ONE_WAVE, alarms: ["errors"] } });
  await world.addAlarms(TESTING, PRODUCTION);
  await world.setAlarm(TESTING, "OK");
  await world.setAlarm(PRODUCTION, "ALARM");
  const second = await world.follow(2, async () => (await world.record())?.index === 2);
  expect((await world.states()).shop).toBe("held: in ALARM already: errors");

  await world.setAlarm(PRODUCTION, "OK");
  await world.drive();
  await world.goodIsDone(second);
  expect((await world.states()).shop).toBe("done");
});

test("a blackout of the factory's holds a roll-out back, and what is under way ends in it", async () => {
  const blackout = { cron: "0 9 ? * * *", timezone: "UTC", duration: "3h", reason: "the yearly sale" };
  const world = await openShop({ factory: { blackouts: [blackout] } as never });
  const second = await world.promote(2);
  await world.pass(HOUR + 5 * MINUTE);

  await world.start();
  await world.drive(async () => (await world.record())?.why !== undefined);
  expect((await world.record())?.why).toBe("a blackout: the yearly sale");
  await world.drive();

  await world.goodIsDone(second);
  expect((await world.refreshes("shop"))[0]?.StartTime?.getUTCHours()).toBeGreaterThanOrEqual(12);
});
