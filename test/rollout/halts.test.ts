import { CancelInstanceRefreshCommand } from "@aws-sdk/client-auto-scaling";
import { simulateFleet } from "embedded-aws/instances";
import { expect, test } from "vitest";
import { HOUR } from "../world/time.ts";
import { type DirectWorld, openDirect } from "./histories/direct-world.ts";
import { amiOf, BUILDING, ONE_WAVE, PRODUCTION, TESTING, WAVES } from "./rollout-driver.ts";

/** Instances of these groups never become healthy from the AMI. */
const failOn = (world: DirectWorld, ami: string, groups: readonly string[]) =>
  simulateFleet(world.aws, {
    health: ({ imageId, group }) => ({ healthy: imageId !== ami || !groups.includes(group) }),
  });

const heal = (world: DirectWorld) => simulateFleet(world.aws, {});

test("a first group that fails halts the roll-out and takes its place's ring back; a person who found the cause has it tried again", async () => {
  const world = await openDirect();
  const first = await world.promote(1);
  await world.addGroup("one", { account: BUILDING, image: world.ring("canary"), desired: 1 });
  await world.addGroup("two", { account: TESTING, image: world.ring("canary") });
  await world.addGroup("shop", { image: world.ring("rest") });
  const second = await world.promote(2);
  failOn(world, amiOf(second), ["one"]);

  await world.start();
  await world.drive();

  expect(await world.record()).toMatchObject({
    state: "halted",
    why: expect.stringMatching(/^the first group failed: one/),
  });
  expect(await world.amis("one", BUILDING)).toEqual([amiOf(first)]);
  expect(await world.ringSays(BUILDING, "canary")).toBe(amiOf(first));
  expect(world.details("rollout.halted")).toHaveLength(1);
  expect(await world.refreshes("two", TESTING)).toEqual([]);

  await world.steer("resume");
  await world.drive();

  expect(await world.record()).toMatchObject({ state: "halted" });
  expect(world.details("rollout.halted")).toHaveLength(2);

  heal(world);
  await world.steer("resume");
  await world.drive();

  expect(await world.states()).toEqual({ one: "done", two: "done", shop: "done" });
  expect(await world.ringSays(BUILDING, "canary")).toBe(amiOf(second));
  expect(await world.record()).toMatchObject({ state: "done" });
});

test("a wave in which more groups than maxFailed fail halts; its other groups end, and the next wave does not begin", async () => {
  const world = await openDirect({ rollout: { waves: WAVES, maxFailed: "30%" } });
  const first = await world.promote(1);
  const image = amiOf(first);
  await world.addGroup("first", { account: BUILDING, image, desired: 1 });
  for (const name of ["a", "b"]) await world.addGroup(name, { account: BUILDING, image, settle: 0 });
  await world.addGroup("c", { account: TESTING, image });
  await world.addGroup("shop", { image });
  const second = await world.promote(2);
  failOn(world, amiOf(second), ["a", "b"]);

  await world.start();
  await world.drive();

  expect((await world.record())?.state).toBe("halted");
  expect((await world.record())?.why).toMatch(/of \d groups \(\d+ %, at most 30 % may\) failed/);
  const states = await world.states();
  expect(states.first).toBe("done");
  expect(states.c).toBe("done");
  expect(states.a).toMatch(/^failed: AWS rolled it back/);
  expect(await world.amis("a", BUILDING)).toEqual([image, image]);
  expect(await world.refreshes("shop")).toEqual([]);

  heal(world);
  await world.steer("resume");
  await world.drive();

  expect(await world.record()).toMatchObject({ state: "done" });
  expect(await world.states()).toMatchObject({ shop: "done", a: "done", b: "done" });
});

test("failures up to maxFailed do not halt a wave", async () => {
  const world = await openDirect({ rollout: { ...ONE_WAVE, maxFailed: "50%" } });
  const first = await world.promote(1);
  for (const [name, desired] of [
    ["first", 1],
    ["a", 2],
    ["b", 2],
  ] as const) {
    await world.addGroup(name, {
      account: BUILDING,
      image: amiOf(first),
      desired,
      settle: name === "b" ? HOUR / 20 : 0,
    });
  }
  const second = await world.promote(2);
  failOn(world, amiOf(second), ["a"]);

  await world.start();
  await world.drive();

  expect(await world.record()).toMatchObject({ state: "done" });
  expect(await world.states()).toMatchObject({ first: "done", b: "done", a: expect.stringMatching(/^failed/) });
});

test("an alarm fails its group's refresh and halts, regardless of maxFailed; the group is rolled back", async () => {
  const world = await openDirect({
    rollout: { waves: [{ name: "all", bake: "20m" }], alarms: ["errors"], maxFailed: "100%" },
  });
  const first = await world.promote(1);
  await world.addGroup("small", { account: TESTING, image: amiOf(first), desired: 1 });
  await world.addGroup("ring", { account: BUILDING, image: world.ring("all") });
  await world.addAlarms(TESTING, BUILDING);
  await world.follow(2, async () => (await world.refreshes("ring", BUILDING))[0]?.Status === "Baking");

  await world.setAlarm(BUILDING, "ALARM");
  await world.drive();

  expect(await world.record()).toMatchObject({ state: "halted", why: expect.stringMatching(/^an alarm failed ring/) });
  expect(await world.amis("ring", BUILDING)).toEqual([amiOf(first), amiOf(first)]);
  expect(await world.ringSays(BUILDING, "all")).toBe(amiOf(first));
  expect((await world.states()).small).toBe("done");
});

test("an operator halts: what is under way ends, and is rolled back where it fails; nothing else begins until it is resumed", async () => {
  const world = await openDirect({ rollout: ONE_WAVE });
  const first = await world.promote(1);
  await world.addGroup("small", { account: TESTING, image: world.ring("all"), desired: 1 });
  for (const name of ["good", "bad"]) {
    await world.addGroup(name, { account: name === "good" ? TESTING : BUILDING, image: world.ring("all") });
  }
  await world.addGroup("later", { image: world.ring("all"), tags: {} });
  await world.suspend("later");
  const second = await world.promote(2);
  failOn(world, amiOf(second), ["bad"]);
  await world.start();
  await world.drive(async () => (await world.states()).bad === "refreshing");

  await world.steer("halt");
  await world.drive();

  const states = await world.states();
  expect(states).toMatchObject({ small: "done", good: "done", later: expect.stringMatching(/^held/) });
  expect(states.bad).toMatch(/^returned/);
  expect(await world.amis("bad", BUILDING)).toEqual([amiOf(first), amiOf(first)]);
  expect(await world.ringSays(BUILDING, "all")).toBe(amiOf(first));
  expect(await world.refreshes("later")).toEqual([]);

  heal(world);
  await world.release("later");
  await world.steer("resume");
  await world.drive();
  expect(await world.record()).toMatchObject({ state: "done" });
  expect((await world.states()).later).toBe("done");
});

test("a ring's group that fails rolls back those of its place that follow the ring, and no others", async () => {
  const world = await openDirect({ rollout: { ...ONE_WAVE, maxFailed: "100%" } });
  const first = await world.promote(1);
  await world.addGroup("small", { account: TESTING, image: world.ring("all"), desired: 1 });
  await world.addGroup("bad", { account: BUILDING, image: world.ring("all") });
  await world.addGroup("beside", { account: BUILDING, image: world.ring("all") });
  await world.addGroup("numbered", { account: BUILDING, image: amiOf(first) });
  await world.addGroup("elsewhere", { account: PRODUCTION, image: world.ring("all") });
  const second = await world.promote(2);
  failOn(world, amiOf(second), ["bad"]);

  await world.start();
  await world.drive();

  const states = await world.states();
  expect(states).toMatchObject({ small: "done", numbered: "done", elsewhere: "done" });
  expect(states.beside).toMatch(/^returned/);
  expect(await world.amis("beside", BUILDING)).toEqual([amiOf(first), amiOf(first)]);
  expect(await world.amis("numbered", BUILDING)).toEqual([amiOf(second), amiOf(second)]);
  expect((await world.record())?.state).toBe("done");
});

test("a refresh that its owner cancels again and again is begun three times", async () => {
  const world = await openDirect({ rollout: ONE_WAVE });
  const first = await world.promote(1);
  await world.addGroup("shop", { image: amiOf(first) });
  await world.promote(2);
  await world.start();

  await world.drive(async () => {
    const [newest] = await world.refreshes("shop");
    if (newest?.Status === "InProgress" || newest?.Status === "Baking") {
      await world.autoScaling().send(new CancelInstanceRefreshCommand({ AutoScalingGroupName: "shop" }));
    }
    return false;
  });

  expect(await world.refreshes("shop")).toHaveLength(3);
  expect((await world.states()).shop).toMatch(/^failed: its refresh was cancelled 3 times/);
  expect((await world.record())?.state).toBe("halted");
});
