import { CancelInstanceRefreshCommand, UpdateAutoScalingGroupCommand } from "@aws-sdk/client-auto-scaling";
import { CreateLaunchTemplateVersionCommand } from "@aws-sdk/client-ec2";
import { expect, test } from "vitest";
import { MINUTE } from "../world/time.ts";
import { type DirectWorld, openDirect } from "./histories/direct-world.ts";
import { amiOf, BUILDING, type Built, TESTING, WAVES } from "./rollout-driver.ts";

async function open(bake = "2m"): Promise<{ world: DirectWorld; first: Built }> {
  const world = await openDirect({ rollout: { waves: WAVES.map((wave) => ({ ...wave, bake })) } });
  const first = await world.promote(1);
  await world.addGroup("ring", { account: BUILDING, image: world.ring("canary"), desired: 1 });
  await world.addGroup("version", { account: TESTING, image: amiOf(first) });
  await world.addGroup("shop", { image: world.ring("rest") });
  return { world, first };
}

const amisOf = async (world: DirectWorld) => [
  ...new Set([
    ...(await world.amis("ring", BUILDING)),
    ...(await world.amis("version", TESTING)),
    ...(await world.amis("shop")),
  ]),
];

test("a newer build supersedes a roll-out that waits", async () => {
  const { world } = await open();
  await world.promote(2);
  await world.start();
  const id = (await world.record())?.id;

  const third = await world.follow(3);

  const record = await world.record();
  expect(record).toMatchObject({ state: "done", build: third.build, after: id });
  expect(await amisOf(world)).toEqual([amiOf(third)]);
  expect(await world.refreshes("ring", BUILDING)).toHaveLength(1);
});

test("a newer build supersedes a roll-out whose refresh is under way once that has ended", async () => {
  const { world } = await open();
  await world.follow(2, async () => (await world.states()).ring === "refreshing");

  const third = await world.follow(3);

  expect(await world.record()).toMatchObject({ state: "done", build: third.build });
  expect(await amisOf(world)).toEqual([amiOf(third)]);
  expect((await world.refreshes("ring", BUILDING)).map(({ Status }) => Status)).toEqual(["Successful", "Successful"]);
  expect(world.details("rollout.ended").map(({ outcome }) => outcome)).toEqual(["superseded", "done"]);
});

test("a newer build supersedes a roll-out that halted, and one that was rolled back", async () => {
  const { world } = await open();
  await world.promote(2);
  await world.start();
  await world.steer("halt");
  await world.drive();

  const third = await world.follow(3, async () => (await world.states()).version === "refreshing");
  await world.steer("back");
  await world.drive();
  expect((await world.record())?.state).toBe("returned");
  await world.start();
  expect(world.executions).toEqual([]);

  const fourth = await world.follow(4);

  expect(await world.record()).toMatchObject({ state: "done", build: fourth.build });
  expect(await amisOf(world)).toEqual([amiOf(fourth)]);
  expect(third.build).not.toBe(fourth.build);
});

test("a channel that moves while groups are rolled back is followed afterwards", async () => {
  const { world } = await open();
  await world.follow(2, async () => (await world.states()).version === "refreshing");
  await world.steer("back");
  await world.drive(async () => Object.values(await world.states()).some((state) => state.startsWith("returning")));

  const third = await world.follow(3);

  expect(await world.record()).toMatchObject({ state: "done", build: third.build });
  expect(await amisOf(world)).toEqual([amiOf(third)]);
});

test.for(["started", "noticed"])(
  "a revocation ends what is under way, and all waves go at once to the last good build, at any time: %s",
  async (how) => {
    const { world, first } = await open("30m");
    const second = await world.promote(2);
    await world.start();
    // Baking in the second step; the ring group is done.
    await world.drive(async () => (await world.refreshes("version", TESTING))[0]?.Status === "Baking");

    await world.revoke(second, first);
    const began = world.clock.now();
    if (how === "started") await world.start();
    await world.drive();

    expect(await world.record()).toMatchObject({ state: "done", kind: "fast", build: first.build });
    expect(await amisOf(world)).toEqual([amiOf(first)]);
    expect((await world.refreshes("version", TESTING)).map(({ Status }) => Status)).toEqual([
      "Successful",
      "Cancelled",
    ]);
    expect(await world.refreshes("shop")).toEqual([]);
    expect((await world.states()).shop).toMatch(/^done: all its instances run the build/);
    expect(world.clock.now() - began).toBeLessThan(40 * MINUTE);
  },
);

test("a revocation ends a refresh whose start was not recorded", async () => {
  const { world, first } = await open("30m");
  const second = await world.follow(2, async () => (await world.states()).ring === "refreshing");
  // The answer is lost, and the function ends.
  let dead = false;
  world.around(async ({ operation }, carryOut) => {
    if (dead) throw new Error("it ended");
    const output = await carryOut();
    if (operation !== "StartInstanceRefresh") return output;
    dead = true;
    throw new Error("it ended");
  });
  await world.drive().catch(() => undefined);
  expect(dead).toBe(true);
  world.around((_, carryOut) => carryOut());
  await world.pass(MINUTE);
  expect((await world.refreshes("version", TESTING))[0]?.Status).toBe("Baking");

  await world.revoke(second, first);
  const began = world.clock.now();
  await world.start();
  await world.drive();

  expect(await amisOf(world)).toEqual([amiOf(first)]);
  expect((await world.refreshes("version", TESTING)).map(({ Status }) => Status)).toEqual(["Successful", "Cancelled"]);
  expect(world.clock.now() - began).toBeLessThan(20 * MINUTE);
});

test("an account that can no longer be entered does not keep a revocation from the others", async () => {
  const { world, first } = await open("30m");
  const second = await world.follow(2, async () => (await world.refreshes("version", TESTING))[0]?.Status === "Baking");

  await world.revoke(second, first);
  world.around(({ account, service }, carryOut) => {
    if (account !== TESTING || service === "dynamodb") return carryOut();
    throw Object.assign(new Error("denied"), { name: "AccessDenied", $metadata: { httpStatusCode: 403 } });
  });
  await world.drive();

  expect(await world.record()).toMatchObject({ state: "done", kind: "fast" });
  expect(await world.amis("ring", BUILDING)).toEqual([amiOf(first)]);
  expect((await world.states())["*"]).toMatch(/^skipped: its groups could not be listed: AccessDenied/);
});

test("a revocation ignores windows; a usual roll-out waits for the next one, and says so", async () => {
  const world = await openDirect({
    rollout: {
      waves: [{ name: "all", bake: "2m" }],
      windows: [{ cron: "0 22 ? * * *", duration: "4h", timezone: "UTC" }],
    },
  });
  const first = await world.promote(1);
  await world.addGroup("shop", { image: amiOf(first) });
  const second = await world.follow(2, async () => (await world.record())?.why !== undefined);
  expect((await world.record())?.why).toBe("outside the channel's windows");
  await world.drive();
  const [refresh] = await world.refreshes("shop");
  expect(refresh?.StartTime?.getUTCHours()).toBe(22);
  expect((await world.record())?.why).toBe(undefined);
  await world.pass(12 * 60 * MINUTE);

  await world.revoke(second, first);
  await world.start();
  await world.drive();

  expect(await world.amis("shop")).toEqual([amiOf(first), amiOf(first)]);
  expect((await world.refreshes("shop"))[0]?.StartTime?.getUTCHours()).toBeLessThan(22);
});

test("nothing goes back to a revoked build: a person is refused, and a group whose former AMI is gone fails", async () => {
  const { world, first } = await open();
  const second = await world.follow(2);
  await world.revoke(first, second);

  await expect(world.steer("back")).rejects.toThrow("which is revoked");

  const third = await world.follow(3, async () => (await world.states()).shop === "refreshing");
  await world.revoke(second, third);
  await expect(world.steer("back")).rejects.toThrow("which is revoked");
  await world.drive();
  expect(await amisOf(world)).toEqual([amiOf(third)]);
});

test("a template that its owner changed meanwhile is not undone", async () => {
  const { world, first } = await open();
  await world.follow(2, async () => (await world.refreshes("version", TESTING))[0]?.Status === "Baking");
  const group = await world.group("version", TESTING);
  const LaunchTemplateId = group?.LaunchTemplate?.LaunchTemplateId;

  // As `terraform apply` does.
  const made = await world.ec2(TESTING).send(
    new CreateLaunchTemplateVersionCommand({
      LaunchTemplateId,
      LaunchTemplateData: { ImageId: amiOf(first), InstanceType: "t3.large" },
    }),
  );
  await world.autoScaling(TESTING).send(new CancelInstanceRefreshCommand({ AutoScalingGroupName: "version" }));
  await world.pass(30_000);
  await world.autoScaling(TESTING).send(
    new UpdateAutoScalingGroupCommand({
      AutoScalingGroupName: "version",
      LaunchTemplate: { LaunchTemplateId, Version: String(made.LaunchTemplateVersion?.VersionNumber) },
    }),
  );
  await world.drive();

  expect((await world.states()).version).toBe("done");
  expect((await world.group("version", TESTING))?.Instances?.map(({ InstanceType }) => InstanceType)).toEqual([
    "t3.large",
    "t3.large",
  ]);
});

test("an execution that failed before its first turn is followed by another one", async () => {
  const world = await openDirect();
  await world.promote(1);
  await world.addGroup("shop", { image: world.ring("rest") });
  await world.promote(2);
  await world.start();
  const [failed] = world.executions.splice(0);

  await world.pass(3_600_000);
  await world.start();

  expect(world.executions).toHaveLength(1);
  expect(world.executions[0]?.input).toEqual(failed?.input);
});
