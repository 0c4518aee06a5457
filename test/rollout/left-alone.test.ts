import { CreateOrUpdateTagsCommand, EnterStandbyCommand } from "@aws-sdk/client-auto-scaling";
import { addImage } from "embedded-aws/seeds";
import { ec2State } from "embedded-aws/state";
import { expect, test } from "vitest";
import { HOME } from "../world/factory-of.ts";
import { FACTORY } from "../world/organization.ts";
import { MINUTE } from "../world/time.ts";
import { openDirect, openShop } from "./histories/direct-world.ts";
import { amiOf, BUILDING, CHANNEL, ONE_WAVE, PRODUCTION, TESTING } from "./rollout-driver.ts";

const refused = (name: string, message: string) =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode: 403 } });

test("a group that cannot follow the channel is left alone and says why; the others continue", async () => {
  const world = await openDirect({
    rollout: { ...ONE_WAVE, minHealthy: 50 },
    consumers: { templateVersions: [TESTING, PRODUCTION] },
  });
  const first = await world.promote(1);
  const image = amiOf(first);
  const account = PRODUCTION;
  const other = addImage(
    world.aws,
    { account, region: HOME },
    { name: "arm", architecture: "arm64", source: undefined, devices: [] },
  ).id;
  await world.addGroup("good", { account: TESTING, image });
  const settle = 0;
  const snapshot = {
    BlockDeviceMappings: [{ DeviceName: "/dev/xvda", Ebs: { SnapshotId: "snap-0123456789abcdef0" } }],
  };
  await world.addGroup("snapshot", { image, desired: 0, settle, data: snapshot });
  await world.addGroup("arm", { image: other, desired: 0, settle });
  await world.addGroup("denied", { account: BUILDING, image, settle });
  await world.addGroup("latest", { image, version: "$Latest", settle });
  await world.addGroup("single", { image, desired: 1, settle });
  await world.addGroup("wave", { image, tags: { "amint:wave": "third" }, settle });
  await world.addGroup("eks", { image, tags: { "eks:nodegroup-name": "nodes" }, settle });
  await world.addGroup("other", { image, tags: { "amint:rollout": "base/beta" }, settle });
  await world.addGroup("odd", { image, tags: { "amint:rollout": "base" }, settle });
  await world.addGroup("half", {
    image,
    settle,
    mixed: [{ InstanceType: "t3.micro", ImageId: image }, { InstanceType: "t3.small" }],
  });
  await world.pass(5 * MINUTE);

  const second = await world.follow(2);

  const { good: _, ...states } = await world.states();
  expect(states).toEqual({
    snapshot: expect.stringMatching(/^skipped: its template pins the snapshot snap-0123456789abcdef0/),
    arm: expect.stringMatching(/^skipped: its AMI is arm64 and the channel's is x86_64/),
    denied: expect.stringMatching(
      /^skipped: it names its AMI by id, and the config does not allow Amint to create template versions/,
    ),
    latest: expect.stringMatching(/^skipped: its launch template's version is \$Latest/),
    single: expect.stringMatching(/^skipped: it has one instance, which AWS would terminate first/),
    wave: expect.stringMatching(/^skipped: its tag amint:wave names the wave "third"/),
    eks: expect.stringMatching(/^skipped: an EKS managed node group/),
    half: expect.stringMatching(/^skipped: only some overrides/),
  });
  await world.goodIsDone(second);
  expect((await world.record())?.state).toBe("done");
});

test("a volume smaller than the AMI's is refused before anything starts", async () => {
  const world = await openDirect({ rollout: ONE_WAVE });
  const first = await world.promote(1);
  const second = await world.promote(2);
  const { images } = world.aws.state(ec2State, FACTORY, HOME);
  const image = images.get(amiOf(second));
  Object.assign(image ?? {}, {
    rootDeviceName: "/dev/xvda",
    devices: [
      { deviceName: "/dev/xvda", snapshotId: "snap-1", volumeSizeGiB: 20, volumeType: "gp3", encrypted: false },
    ],
  });
  const devices = { BlockDeviceMappings: [{ DeviceName: "/dev/xvda", Ebs: { VolumeSize: 8 } }] };
  await world.addGroup("small", { image: amiOf(first), data: devices, settle: 0 });

  await world.start();
  await world.drive();

  expect((await world.states()).small).toMatch(/^skipped: its template sets \/dev\/xvda to 8 GiB/);
});

test("protected and standby instances stay, and are named; a group without instances follows", async () => {
  const world = await openDirect({ rollout: ONE_WAVE });
  const first = await world.promote(1);
  const image = amiOf(first);
  await world.addGroup("protected", { image, protect: true });
  await world.addGroup("standby", { image });
  await world.addGroup("empty", { image, desired: 0 });
  await world.addGroup("emptyRing", { image: world.ring("all"), desired: 0 });
  const [one] = (await world.group("standby"))?.Instances ?? [];
  await world.autoScaling().send(
    new EnterStandbyCommand({
      AutoScalingGroupName: "standby",
      InstanceIds: [one?.InstanceId ?? ""],
      ShouldDecrementDesiredCapacity: true,
    }),
  );

  const second = await world.follow(2);

  expect(await world.states()).toEqual({
    protected: "done: 2 of 2 instances do not run the build, 2 protected from scale-in",
    standby: "done: 1 of 2 instances do not run the build, 1 in standby",
    empty: "done",
    emptyRing: "done: it has no instances; new ones start from the build",
  });
  expect((await world.group("empty"))?.LaunchTemplate?.Version).toBe("2");
  expect(await world.ringSays(PRODUCTION, "all")).toBe(amiOf(second));
});

test("an account without the role, and one that refuses a start, are reported; the others continue", async () => {
  const { first, ...world } = await openShop();
  await world.addGroup("build", { account: BUILDING, image: amiOf(first) });
  world.around(async ({ service, operation, account }, carryOut) => {
    if (service === "autoscaling" && account === BUILDING) throw refused("AccessDenied", "no role there");
    if (operation === "StartInstanceRefresh" && account === PRODUCTION) {
      throw refused("AccessDenied", "You are not authorized to use launch template");
    }
    return carryOut();
  });

  const second = await world.follow(2);

  await world.goodIsDone(second);
  const states = await world.states();
  expect(states["*"]).toBe("skipped: its groups could not be listed: AccessDenied: no role there");
  expect(states.shop).toBe("skipped: AccessDenied: You are not authorized to use launch template");
  expect((await world.record())?.state).toBe("done");
});

test("an AMI that is not shared, and a region that the channel has not reached, hold a group until both are ready", async () => {
  const world = await openDirect({ rollout: ONE_WAVE, regions: [HOME, "us-east-1"] });
  const first = await world.promote(1);
  await world.addGroup("good", { account: TESTING, image: amiOf(first) });
  await world.addGroup("far", { region: "us-east-1", image: first.amis["us-east-1"] });
  await world.addGroup("shop", { image: amiOf(first) });
  const second = await world.build(2);
  const { [HOME]: ami = "" } = second.amis;
  const permissions = world.aws.state(ec2State, FACTORY, HOME).images.get(ami)?.permissions;
  const [key = "", held] = [...(permissions ?? [])].find(([name]) => name.includes(PRODUCTION)) ?? [];
  permissions?.delete(key);
  await world.point({ build: second.build, amis: { [HOME]: ami } });
  await world.start();
  await world.drive(async () => (await world.record())?.why?.includes("held") ?? false);

  expect(await world.states()).toMatchObject({
    good: "done",
    far: "held: the channel is not in us-east-1 yet",
    shop: `held: ${ami} is not shared with the account`,
  });

  permissions?.set(key, held!);
  await world.drive(async () => (await world.states()).shop === "done");
  await world.point(second);
  await world.start();
  await world.drive();
  expect(await world.states()).toMatchObject({ good: expect.stringMatching(/^done/), far: "done" });
});

test("a group chooses its wave by its tag, also where another wave would take its account", async () => {
  const world = await openDirect({
    rollout: {
      waves: [
        { name: "canary", tag: { stage: "test" }, bake: "2m" },
        { name: "rest", bake: "2m" },
      ],
    },
  });
  const first = await world.promote(1);
  await world.addGroup("chosen", { image: amiOf(first), tags: { "amint:wave": "canary" } });
  await world.addGroup("taken", { account: TESTING, image: amiOf(first), tags: { stage: "test" } });
  await world.addGroup("last", { account: BUILDING, image: amiOf(first) });
  await world.autoScaling(BUILDING).send(
    new CreateOrUpdateTagsCommand({
      Tags: [
        {
          ResourceType: "auto-scaling-group",
          ResourceId: "last",
          Key: "team",
          Value: CHANNEL,
          PropagateAtLaunch: false,
        },
      ],
    }),
  );
  await world.follow(2);

  const waves = Object.fromEntries((await world.targets()).map(({ group, wave }) => [group, wave]));
  expect(waves).toEqual({ chosen: "canary", taken: "canary", last: "rest" });
  expect(new Set(Object.values(await world.states()))).toEqual(new Set(["done"]));
});
