import { EC2Client, RunInstancesCommand } from "@aws-sdk/client-ec2";
import { simulateUsageReports } from "embedded-aws/instances";
import { expect, test } from "vitest";
import { deployed } from "../world/deployed.ts";
import { HOUR } from "../world/time.ts";

const account = "111122223333";
const ADA = "200000000001";
const IMAGE = "al2023-base";

/** Two days before a month's first, and an image whose candidate channel is published since then. */
async function startBeforeTheFirst(begin = Date.UTC(2026, 3, 29, 8)) {
  const running = await deployed({ begin });
  const { clock, send, events, options, slack } = running;
  await running.request(IMAGE);
  await clock.runUntil(begin + 3 * 3_600_000);
  const moved = events.find(({ detailType }) => detailType === "channel.moved");
  const regions = (moved?.detail.regions ?? {}) as Record<string, { amiId: string }>;
  const consumer = { ...options, credentials: { accessKeyId: ADA, secretAccessKey: "any" } };
  await new EC2Client(consumer).send(
    new RunInstancesCommand({
      ImageId: regions["eu-west-1"]?.amiId,
      InstanceType: "m7i.large",
      MinCount: 2,
      MaxCount: 2,
    }),
  );
  return {
    aws: running.booted.aws,
    until: (date: string) => clock.runUntil(Date.parse(date)),
    reports: () => events.filter(({ detailType }) => detailType === "fleet.reported").map(({ detail }) => detail),
    said: () =>
      slack.messages.map((message) => JSON.stringify(message)).filter((text) => text.includes("Monthly report")),
    again: () => send("report-fleet", { scheduledTime: new Date(clock.now()).toISOString() }),
    next: () => clock.runUntil(clock.now() + HOUR),
  };
}

test("EC2 is asked on the first of the month; one notice the day after says which accounts run what", async () => {
  const world = await startBeforeTheFirst();

  await world.until("2026-05-02T06:00:00Z");
  const before = world.reports().length;
  await world.until("2026-05-02T12:00:00Z");
  await Promise.all([world.again(), world.again()]);
  await world.next();

  expect(before).toBe(0);
  expect(world.reports()).toMatchObject([
    {
      image: IMAGE,
      month: "2026-05",
      reported: 2,
      accounts: 1,
      instances: 2,
      ages: { p50: 2, p90: 2, oldest: 2 },
      unwanted: [],
      unknown: [],
    },
    // It follows its parent.
    { image: "al2023-web", reported: 2, accounts: 0, instances: 0, unknown: [] },
  ]);
  expect(world.said()).toHaveLength(2);
});

test("a notice after the end of the system's support says so", { tags: "deep" }, async () => {
  const world = await startBeforeTheFirst(Date.UTC(2029, 5, 29, 8));

  await world.until("2029-07-02T12:00:00Z");

  const text = "standard support of al2023 ended on 2029-06-30";
  expect(world.reports()[0]).toMatchObject({
    image: IMAGE,
    supportEnded: { system: "al2023", on: "2029-06-30", text },
  });
  expect(world.said()[0]).toContain(`SUPPORT ENDED: ${text}`);
});

test("a late report is awaited, and then reported as unknown", { tags: "deep" }, async () => {
  const world = await startBeforeTheFirst();
  simulateUsageReports(world.aws, account, "us-east-1", () => "pending");

  await world.until("2026-05-04T06:00:00Z");
  const waiting = world.reports().length;
  await world.until("2026-05-04T12:00:00Z");

  expect(waiting).toBe(0);
  expect(world.reports()).toMatchObject([
    {
      reported: 1,
      instances: 2,
      unknown: [{ region: "us-east-1", amis: 1, why: "EC2 has been preparing a report since 2026-05-01" }],
    },
    { image: "al2023-web", reported: 1, instances: 0, unknown: [{ region: "us-east-1", amis: 1 }] },
  ]);
});
