import {
  DescribeInstancesCommand,
  DescribeLaunchTemplatesCommand,
  EC2Client,
  EnableImageDeregistrationProtectionCommand,
  ModifyImageAttributeCommand,
} from "@aws-sdk/client-ec2";
import { registerImage } from "embedded-aws/seeds";
import { ec2State } from "embedded-aws/state";
import { expect, test } from "vitest";
import { recordUndone } from "../../adapters/promotion/promotion.ts";
import { findGone } from "../../adapters/retirement/leftovers.ts";
import { launchCanary } from "../../adapters/share/canary.ts";
import { shareImage } from "../../functions/share/share-image.ts";
import { HOME, IMAGE, REGIONS } from "../world/factory-of.ts";
import { instead } from "../world/instead.ts";
import { FACTORY } from "../world/organization.ts";
import { unreachable } from "../world/unreachable.ts";
import { CANARY, openCleaning } from "./cleaning-world.ts";

test("the AMIs of a rejected build are marked with owner, build and a day, and are gone after it, snapshots and all", async () => {
  const world = await openCleaning();
  const { build } = await world.addBuildWithSnapshots(1);
  await world.reject(build);

  await world.onDay(1);
  const marked = await world.amisIn("us-east-1");
  const before = await world.snapshotsIn("us-east-1");
  await world.onDay(13);
  const kept = await world.amisIn(HOME);
  const { removed } = await world.onDay(15);

  expect(marked[0]?.tags).toMatchObject({
    "amint:factory": "sharing",
    "amint:image": IMAGE,
    "amint:build": "1.0.0/1",
    "amint:leftover": "its gate rejected it",
    "amint:remove-after": expect.stringMatching(/^\d{4}-\d{2}-\d{2}T/),
  });
  expect(before).toHaveLength(1);
  expect(kept).toHaveLength(1);
  // Its AMIs and its image resource.
  expect(removed).toBe(3);
  for (const region of REGIONS) {
    expect(await world.amisIn(region)).toEqual([]);
    expect(await world.snapshotsIn(region)).toEqual([]);
  }
  expect((await findGone(world.ledger, build))?.why).toBe("its gate rejected it");
});

test("marks are asked for while a leftover or its image resource is unmarked, and not once everything is marked", async () => {
  const world = await openCleaning();
  const none = await world.onDay(1);
  const { build } = await world.addBuildWithSnapshots(1);
  await world.reject(build);

  const unmarked = await world.onDay(2);
  const marked = await world.onDay(3);
  const removed = await world.onDay(17);

  expect([none, unmarked, marked, removed].map(({ toMark }) => toMark)).toEqual([false, true, false, false]);
});

test("one notice a day lists what was removed, with its origin and the reason", async () => {
  const world = await openCleaning();
  const { build, amis } = await world.addBuild(1);
  await world.reject(build);
  await world.onDay(1);

  await world.onDay(15);
  await world.onDay(15);

  const said = world.said.filter(({ name }) => name === "leftovers.removed");
  expect(said).toHaveLength(1);
  expect(said[0]?.detail).toMatchObject({ more: 0 });
  expect(said[0]?.detail.removed).toContainEqual({
    kind: "ami",
    id: amis[HOME],
    region: HOME,
    image: IMAGE,
    build,
    why: "its gate rejected it",
  });
});

test("nothing is removed that a channel points at or pointed at, that is being promoted, or that is shared", async () => {
  const world = await openCleaning();
  const pointed = await world.addBuild(1);
  const soaking = await world.addBuild(2);
  const shared = await world.addBuild(3);
  const byHand = await world.addBuild(4);
  for (const { build } of [pointed, soaking, shared, byHand]) await recordUndone(world.ledger, build, []);
  await world.point("stable", pointed);
  await world.promote(soaking.build);
  const clear = await world.addBuild(5);
  await shareImage({ image: IMAGE, build: clear.build, channel: "stable", region: HOME }, world.step());
  await new EC2Client(world.optionsOf(FACTORY)).send(
    new ModifyImageAttributeCommand({
      ImageId: byHand.amis[HOME],
      LaunchPermission: { Add: [{ UserId: "444455556666" }] },
    }),
  );

  for (const day of [1, 20, 21]) await world.onDay(day);

  const left = (await world.amisIn(HOME)).map(({ id }) => id);
  expect(left.toSorted()).toEqual(
    [pointed.amis[HOME], soaking.amis[HOME], byHand.amis[HOME], clear.amis[HOME]].toSorted(),
  );
});

test("a promotion that begins anew takes the marks away, and what it ended as marks it again", async () => {
  const world = await openCleaning();
  const { build } = await world.addBuild(1);
  await recordUndone(world.ledger, build, []);
  await world.onDay(1);
  const stop = await world.promote(build);

  await world.onDay(20);
  const [wanted] = await world.amisIn(HOME);
  await stop();
  await world.onDay(21);
  const [again] = await world.amisIn(HOME);

  expect(wanted?.tags["amint:remove-after"]).toBeUndefined();
  expect(again?.tags["amint:leftover"]).toBe("its promotion failed");
});

test("where a region cannot be looked at nothing is removed there, the others are cleaned, and it fails visibly", async () => {
  const world = await openCleaning();
  const { build } = await world.addBuild(1);
  await world.reject(build);
  await world.onDay(1);
  const nowhere = instead(world.step().client, EC2Client, (region = HOME) =>
    region === "us-east-1"
      ? new EC2Client({ ...world.optionsOf(FACTORY, region), requestHandler: unreachable })
      : world.client(EC2Client, { region }),
  );

  await expect(world.onDay(15, nowhere)).rejects.toThrow("AMIs in us-east-1");

  expect(await world.amisIn(HOME)).toEqual([]);
  expect(await world.amisIn("us-east-1")).toHaveLength(1);
});

test("an AMI that is protected with a cooldown goes a day after its protection", async () => {
  const world = await openCleaning();
  const { build, amis } = await world.addBuild(1);
  await world.reject(build);
  await new EC2Client(world.optionsOf(FACTORY)).send(
    new EnableImageDeregistrationProtectionCommand({ ImageId: amis[HOME], WithCooldown: true }),
  );
  await world.onDay(1);

  await world.onDay(15);
  await world.onDay(15.5);
  const cooling = await world.amisIn(HOME);
  // The cooldown is EC2's own time, which is the wall's here.
  world.aws.state(ec2State, FACTORY, HOME).images.get(String(amis[HOME]))!.cooldownUntil = 0;
  await world.onDay(16.5);

  expect(cooling).toHaveLength(1);
  expect(await world.amisIn(HOME)).toEqual([]);
});

test("an AMI of the factory that the ledger knows nothing of is kept as long, counted from its making", async () => {
  const world = await openCleaning();
  const id = registerImage(world.aws, FACTORY, HOME, {
    name: "of no build",
    architecture: "x86_64",
    rootDeviceName: "/dev/xvda",
    blockDeviceMappings: [],
    tags: { "amint:factory": "sharing" },
    snapshotTags: {},
  } as never);

  await world.onDay(1);
  const [marked] = await world.amisIn(HOME);
  await world.onDay(15);

  expect(marked).toMatchObject({ id, tags: { "amint:leftover": "the ledger has no build for it" } });
  expect(await world.amisIn(HOME)).toEqual([]);
});

test("a canary whose trial was cut short is ended after two hours, with its group and its template", async () => {
  const world = await openCleaning({ consumers: { verify: ["444455556666"], canary: { account: CANARY } } });
  const { build, amis } = await world.addBuild(1);
  await shareImage({ image: IMAGE, build, channel: "stable", region: HOME }, world.step());
  const there = world.there(HOME);
  const name = "amint-sharing-canary-0123456789abcdef";
  await launchCanary(there, { name, ami: amis[HOME]!, instanceType: "t3.micro", tags: {} });

  const early = await world.onDay(1 / 24);
  const late = await world.onDay(3 / 24);

  expect(early.removed).toBe(0);
  expect(late.removed).toBe(1);
  const { Reservations = [] } = await there.ec2.send(new DescribeInstancesCommand({}));
  const states = Reservations.flatMap(({ Instances = [] }) => Instances.map(({ State }) => State?.Name));
  expect(states.every((state) => state === "terminated" || state === "shutting-down")).toBe(true);
  expect((await there.ec2.send(new DescribeLaunchTemplatesCommand({}))).LaunchTemplates).toEqual([]);
});
