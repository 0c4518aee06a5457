// @module-tag deep
import {
  DescribeImageUsageReportsCommand,
  EC2Client,
  EnableImageDeregistrationProtectionCommand,
  ModifyImageAttributeCommand,
} from "@aws-sdk/client-ec2";
import { simulateUsageReports } from "embedded-aws/instances";
import { expect, test } from "vitest";
import { findChannel } from "../../adapters/channel/channels.ts";
import { moveInLedger } from "../../adapters/channel/history.ts";
import { recordRevocation } from "../../adapters/revocation/revocations.ts";
import { shareImage } from "../../functions/share/share-image.ts";
import { HOME, IMAGE } from "../world/factory-of.ts";
import { FACTORY } from "../world/organization.ts";
import { unreachable } from "../world/unreachable.ts";
import { openWithBuilds } from "./open-with-builds.ts";
import { CONSUMER } from "./retiring-world.ts";

test("what a rule keeps stays, with each rule that keeps it", async () => {
  const { world, old, next, kept } = await openWithBuilds();
  const stop = await world.promote(old.build);
  await world.hold(next.build, "2027-01-01");
  await recordRevocation(world.ledger, kept[0]!.build, {
    reason: "a flaw",
    by: "ada",
    at: new Date(world.clock.now()).toISOString(),
  });

  const decisions = await world.run("plan");
  await stop();

  expect(decisions.map(({ does }) => does)).toEqual(["keep", "keep", "keep", "keep"]);
  expect(world.decision(old.build)?.reasons).toEqual(["its promotion is in progress"]);
  expect(world.decision(next.build)?.reasons).toEqual([
    "stable would roll back to it",
    "it is one of the newest 2 of base",
    "ada holds it until 2027-01-01: the auditors look at it",
  ]);
  expect(world.decision(kept[0]!.build)?.reasons).toEqual(["it is one of the newest 2 of base"]);
  expect(world.decision(kept[1]!.build)?.reasons).toEqual(["stable points at it", "it is one of the newest 2 of base"]);
});

test("a plan changes nothing, and asks EC2 for no report", async () => {
  const { world, old } = await openWithBuilds();
  await world.pass(30);

  await world.run("plan");
  await world.run("plan");

  expect(world.decision(old.build)).toMatchObject({ does: "deprecate", frees: { [HOME]: 2 } });
  expect((await world.describe(HOME, old.amis[HOME]))?.DeprecationTime).toBeUndefined();
  expect((await world.ec2(HOME).send(new DescribeImageUsageReportsCommand({}))).ImageUsageReports).toEqual([]);
});

test("an instance or a launch template of the factory's own account keeps a build", async () => {
  const { world, old, next } = await openWithBuilds();
  await world.launch(FACTORY, old.amis[HOME]);
  await world.nameInTemplate(FACTORY, next.amis["us-east-1"], "us-east-1");

  await world.live(50);

  expect(world.decision(old.build)?.reasons).toContainEqual(
    expect.stringMatching(/^eu-west-1: .*:instance\/i-\w+ refers to it$/),
  );
  expect(world.decision(next.build)?.reasons).toContainEqual(
    expect.stringMatching(/^us-east-1: .*launch-template\/lt-\w+ refers to it$/),
  );
});

test.each([
  ["that fail", "error" as const, /^us-east-1: EC2 has been preparing .*; the previous one failed \(/],
  ["that stay pending", "pending" as const, /^us-east-1: EC2 has been preparing a usage report since /],
])("reports %s in one region keep a build in all of them", async (_what, fault, why) => {
  const { world, old } = await openWithBuilds();
  simulateUsageReports(world.aws, FACTORY, "us-east-1", () => fault);

  await world.live(45);

  expect(world.decision(old.build)).toMatchObject({ does: "wait", reasons: [expect.stringMatching(why)] });
  expect((await world.describe(HOME, old.amis[HOME]))?.State).toBe("available");
});

test("where EC2 cannot be asked, or refuses, nothing is disabled", async () => {
  const { world, old } = await openWithBuilds();
  await world.live(22);
  const nowhere = (region: string) =>
    new EC2Client({
      ...world.optionsOf(FACTORY, region),
      ...(region === "us-east-1" && { requestHandler: unreachable }),
    });

  await world.run("plan", nowhere);

  expect(world.decision(old.build)?.does).toBe("wait");
  expect(world.decision(old.build)?.reasons).toContainEqual(
    expect.stringMatching(/^us-east-1: the AMI could not be read/),
  );
});

test("a launch in the hours before a build is unshared is noticed, and the build is restored", async () => {
  const { world, old, liveUntil } = await openWithBuilds();
  await liveUntil("condemn");
  const ami = old.amis["us-east-1"];

  // EC2 reports launches a day later, and no report counts it yet.
  await world.pass(0.5);
  await world.launch(CONSUMER, ami, "us-east-1");
  await world.pass(0.5);
  await world.run();
  const withdrawn = [world.decision(old.build)?.does, await world.mayLaunch(CONSUMER, "us-east-1", ami)];
  await liveUntil("give-back");

  expect(withdrawn).toEqual(["withdraw", false]);
  expect(world.decision(old.build)?.reasons).toContainEqual(expect.stringContaining(`${CONSUMER} has 1 instance(s)`));
  expect(await world.mayLaunch(CONSUMER, "us-east-1", ami)).toBe(true);
  expect((await world.describe("us-east-1", ami))?.State).toBe("available");
});

test("a build that is shared by hand after it was unshared is restored for all", async () => {
  const { world, old, liveUntil } = await openWithBuilds();
  const ami = old.amis[HOME];
  await liveUntil("withdraw");
  const LaunchPermission = { Add: [{ UserId: "777788889999" }] };

  await world.live(3);
  await world.ec2(HOME).send(new ModifyImageAttributeCommand({ ImageId: ami, LaunchPermission }));
  await world.live(1);

  expect(world.decision(old.build)).toMatchObject({
    does: "give-back",
    reasons: [`${HOME}: it was shared with 777788889999 after Amint unshared it`, expect.anything()],
  });
  expect(await world.mayLaunch(CONSUMER, "us-east-1", old.amis["us-east-1"])).toBe(true);
  await world.live(30);
  expect((await world.describe(HOME, ami))?.State ?? "gone").not.toBe("available");
});

test("a build pending retirement is neither shared nor rolled back to, and a hold restores it", async () => {
  const { world, old, liveUntil } = await openWithBuilds();
  await liveUntil("condemn");
  const share = () => shareImage({ image: IMAGE, build: old.build, channel: "stable", region: HOME }, world.step());

  await expect(share()).rejects.toThrow("its removal began at");
  await world.hold(old.build, "2027-01-01");
  await world.live(1);

  expect(world.decision(old.build)?.does).toBe("give-back");
  await expect(share()).resolves.toBeDefined();
});

test("a hold that comes while a run is looking keeps the build as it is", async () => {
  const { world, old } = await openWithBuilds();
  for (let day = 0; day < 60 && world.decision(old.build)?.does !== "disable"; day++) {
    await world.run();
    await world.pass(1);
    await world.run("plan");
  }
  let held: Promise<unknown> | undefined;
  // By then the run has read all holds.
  const stopWatching = world.aws.observeCalls(({ operation }) => {
    if (operation === "DescribeImageReferences") held ??= world.hold(old.build, "2027-01-01");
  });

  await world.run();
  stopWatching();
  await held;

  expect(world.decision(old.build)?.does).toBe("disable");
  expect((await world.describe(HOME, old.amis[HOME]))?.State).toBe("available");
  await world.run();
  expect(world.decision(old.build)?.does).toBe("give-back");
});

test("a channel that moved to a build as its retirement began keeps it", async () => {
  const { world, old, liveUntil } = await openWithBuilds();
  await liveUntil("condemn");
  const now = new Date(world.clock.now());
  const current = await findChannel(world.ledger, IMAGE, "stable");
  const next = { ...old, startedAt: now.toISOString(), how: "rollback" as const };
  await moveInLedger(world.ledger, { image: IMAGE, channel: "stable", now }, current, next);

  await world.live(1);

  expect(world.decision(old.build)).toMatchObject({ does: "give-back", reasons: ["stable points at it"] });
  expect(await world.mayLaunch(CONSUMER, HOME, old.amis[HOME])).toBe(true);
});

test("a protection with a cooldown is waited for", async () => {
  const { world, old, liveUntil } = await openWithBuilds();
  await world
    .ec2(HOME)
    .send(new EnableImageDeregistrationProtectionCommand({ ImageId: old.amis[HOME], WithCooldown: true }));
  await liveUntil("deregister");

  const cooling = await world.describe(HOME, old.amis[HOME]);
  await world.live(2);

  expect(cooling?.State).toBe("disabled");
  expect(await world.describe(HOME, old.amis[HOME])).toBeUndefined();
});
