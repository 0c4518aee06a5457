import { expect, test } from "vitest";
import { HOME } from "../world/factory-of.ts";
import { BUILDING, PRODUCTION } from "./rollout-driver.ts";
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
  expect(turns).toBeGreaterThan(10);
});
