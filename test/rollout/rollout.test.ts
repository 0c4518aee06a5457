import { expect, test } from "vitest";
import { HOME } from "../world/factory-of.ts";
import { BUILDING, PRODUCTION, TESTING } from "./rollout-driver.ts";
import { openRollouts } from "./rollout-world.ts";

test("groups that resolve their wave's parameter follow the channel: one first, then its wave, then the next", async () => {
  const world = await openRollouts();
  const first = await world.promote(1);
  await world.addGroup("small", { account: BUILDING, image: world.ring("canary"), desired: 1 });
  await world.addGroup("large", { account: BUILDING, image: world.ring("canary"), desired: 4 });
  await world.addGroup("shop", { image: world.ring("rest") });
  expect(await world.amis("shop")).toEqual([first.amis[HOME], first.amis[HOME]]);
  const second = await world.promote(2);

  await world.start();
  const turns = await world.drive();

  expect(await world.states()).toEqual({ small: "done", large: "done", shop: "done" });
  expect(await world.amis("shop")).toEqual([second.amis[HOME], second.amis[HOME]]);
  expect(await world.amis("small", BUILDING)).toEqual([second.amis[HOME]]);
  expect(await world.ringSays(PRODUCTION, "rest")).toBe(second.amis[HOME]);
  const starts = await Promise.all(
    [
      ["small", BUILDING],
      ["large", BUILDING],
      ["shop", PRODUCTION],
    ].map(async ([name = "", account]) => (await world.refreshes(name, account))[0]),
  );
  const [small, large, shop] = starts.map((one) => [one?.StartTime?.getTime() ?? 0, one?.EndTime?.getTime() ?? 0]);
  expect(large?.[0]).toBeGreaterThanOrEqual(small?.[1] ?? Number.NaN);
  expect(shop?.[0]).toBeGreaterThanOrEqual(large?.[1] ?? Number.NaN);
  expect(world.details("rollout.ended")).toMatchObject([{ outcome: "done", groups: { done: 3 } }]);
  // One for each refresh that is awaited, at least.
  expect(turns).toBeGreaterThan(3);
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
