import { type AutoScalingReadings, readAutoScaling } from "embedded-aws/instances";
import { expect, test } from "vitest";
import { HOME } from "../world/factory-of.ts";
import { type DirectWorld, openDirect } from "./histories/direct-world.ts";
import { amiOf, BUILDING, type Built, PRODUCTION, TESTING } from "./rollout-driver.ts";
import { openRollouts } from "./rollout-world.ts";

/** Each rule that AWS's documents leave open, read as usual and in each other way. */
const READINGS: readonly Partial<AutoScalingReadings>[] = [
  {},
  { parameterGroups: "accepted", scaleOutDuringRefresh: "own", versionAfterRefresh: "kept" },
  { rollbackWhileBaking: "refused", alarmsWhileBaking: "ignored", alarmAtStart: "refused" },
  { alarmAtStart: "ignored", missingAlarm: "ignored", templateCheck: "unchecked", smallGroups: "launch-first" },
];

/** A group of each mode; `copy` resolves the account's copy of the channel's parameter. */
async function addOneOfEach(world: DirectWorld, { amis }: Built): Promise<void> {
  const image = amis[HOME];
  await world.addGroup("ring", { account: BUILDING, image: world.ring("canary"), desired: 1 });
  await world.addGroup("version", { account: BUILDING, image });
  await world.addGroup("mixed", { account: TESTING, image, mixed: [{ InstanceType: "t3.micro" }] });
  await world.addGroup("override", {
    image,
    mixed: [
      { InstanceType: "t3.micro", ImageId: image },
      { InstanceType: "t3.small", ImageId: image },
    ],
  });
  await world.addGroup("copy", { image: world.copy });
}
const PLACES = { ring: BUILDING, version: BUILDING, mixed: TESTING, override: undefined, copy: undefined };

const amisByGroup = async (world: DirectWorld): Promise<Record<string, string[]>> =>
  Object.fromEntries(
    await Promise.all(
      Object.entries(PLACES).map(async ([group, account]) => [group, [...new Set(await world.amis(group, account))]]),
    ),
  );

const all = (ami: string) => ({ ring: [ami], version: [ami], mixed: [ami], override: [ami], copy: [ami] });

test.for(READINGS)("a group of each mode comes to the build, one group first: %o", async (readings) => {
  const world = await openDirect();
  readAutoScaling(world.aws, readings);
  const first = await world.promote(1);
  await addOneOfEach(world, first);
  expect(await amisByGroup(world)).toEqual(all(amiOf(first)));

  const second = await world.follow(2);

  expect(await world.states()).toEqual({
    ring: "done",
    version: "done",
    mixed: "done",
    override: "done",
    copy: "done",
  });
  expect(await amisByGroup(world)).toEqual(all(amiOf(second)));
  const version = await world.group("version", BUILDING);
  expect(version?.LaunchTemplate?.Version).toBe("2");
  expect((await world.group("mixed", TESTING))?.MixedInstancesPolicy?.LaunchTemplate).toMatchObject({
    LaunchTemplateSpecification: { Version: "2" },
    Overrides: [{ InstanceType: "t3.micro" }],
  });
  expect((await world.group("override"))?.MixedInstancesPolicy?.LaunchTemplate?.Overrides).toEqual([
    { InstanceType: "t3.micro", ImageId: amiOf(second) },
    { InstanceType: "t3.small", ImageId: amiOf(second) },
  ]);
  const times = await Promise.all(
    Object.entries(PLACES).map(async ([group, account]) => {
      const [one, ...more] = await world.refreshes(group, account);
      expect(more).toEqual([]);
      return [group, [one?.StartTime?.getTime() ?? 0, one?.EndTime?.getTime() ?? 0]] as const;
    }),
  );
  const { ring, version: its, mixed, override, copy } = Object.fromEntries(times) as Record<string, [number, number]>;
  expect(Math.min(its![0], mixed![0])).toBeGreaterThanOrEqual(ring![1]);
  expect(Math.min(override![0], copy![0])).toBeGreaterThanOrEqual(Math.max(its![1], mixed![1]));
  expect(world.details("rollout.ended")).toMatchObject([{ outcome: "done", groups: { done: 5 } }]);
});

test.for(READINGS)(
  "a completed roll-out is rolled back in each mode but the one that follows the channel: %o",
  async (readings) => {
    const world = await openDirect();
    readAutoScaling(world.aws, readings);
    const first = await world.promote(1);
    await addOneOfEach(world, first);
    const second = await world.follow(2);

    await world.steer("back");
    await world.drive();

    const { copy, ...others } = await amisByGroup(world);
    const { copy: _, ...back } = all(amiOf(first));
    expect(others).toEqual(back);
    expect(copy).toEqual([amiOf(second)]);
    expect(await world.states()).toEqual({
      ring: "returned",
      version: "returned",
      mixed: "returned",
      override: "returned",
      copy: "done: it resolves the account's copy of the channel parameter, which still has the build: roll the channel back",
    });
    expect((await world.record())?.state).toBe("returned");
    expect(await world.ringSays(BUILDING, "canary")).toBe(amiOf(first));
    expect(await world.refreshes("copy")).toHaveLength(1);
  },
);

test.for(READINGS)("a refresh that is under way, or bakes, is rolled back at once: %o", async (readings) => {
  const world = await openDirect({ rollout: { waves: [{ name: "all", bake: "20m" }] } });
  readAutoScaling(world.aws, readings);
  const first = await world.promote(1);
  const image = amiOf(first);
  await world.addGroup("baking", { account: BUILDING, image, desired: 1 });
  await world.promote(2);
  await world.start();
  const isIn = (group: string, account: string | undefined, status: string) => async () =>
    (await world.refreshes(group, account))[0]?.Status === status;
  await world.drive(isIn("baking", BUILDING, "Baking"));
  const before = world.clock.now();

  await world.steer("back");
  await world.drive();

  expect(await world.states()).toEqual({ baking: "returned" });
  expect(await world.amis("baking", BUILDING)).toEqual([image]);
  expect(world.clock.now() - before).toBeLessThan(15 * 60_000);
});

test("the roles that deploy let Amint do what each mode needs, forward and back, and nothing in other accounts", async () => {
  const world = await openRollouts({
    rollout: { waves: [{ name: "all", bake: "2m" }], alarms: ["errors"] },
    consumers: { templateVersions: [PRODUCTION] },
  });
  await world.addAlarms(PRODUCTION, TESTING);
  const first = await world.promote(1);
  const image = first.amis[HOME] ?? "";
  await world.addGroup("ring", { account: TESTING, image: world.ring("all"), desired: 1 });
  await world.addGroup("version", { image });
  await world.addGroup("override", { image, mixed: [{ InstanceType: "t3.micro", ImageId: image }] });
  await world.addGroup("elsewhere", { account: TESTING, image, settle: 0 });
  const second = await world.promote(2);

  await world.start();
  await world.drive();

  expect(await world.states()).toEqual({
    ring: "done",
    version: "done",
    override: "done",
    elsewhere: expect.stringMatching(/^skipped: .*does not allow Amint to create template versions in 400000000002/),
  });
  expect(await world.amis("override")).toEqual([second.amis[HOME], second.amis[HOME]]);

  await world.steer("back");
  await world.drive();

  expect(await world.states()).toMatchObject({ ring: "returned", version: "returned", override: "returned" });
  for (const group of ["version", "override"]) expect(await world.amis(group)).toEqual([image, image]);
});
