import { expect, test } from "vitest";
import { buildsRepository } from "../../core/names.ts";
import { cleanUp } from "../../functions/retirement/clean-up.ts";
import { REGIONS } from "../world/factory-of.ts";
import { FACTORY } from "../world/organization.ts";
import { DAY } from "../world/time.ts";
import { type ContainerBuild, type ContainerWorld, openContainers } from "./container-world.ts";

const clean = async (world: ContainerWorld) => world.through(cleanUp(await world.stepAs("CleanUpRole")));

const liesIn = (world: ContainerWorld, { digest }: ContainerBuild) =>
  Promise.all(REGIONS.map((region) => world.canPull(FACTORY, buildsRepository("sharing", "web"), digest, region)));

test("rejected images are deleted in all regions when due, and promoted ones stay", async () => {
  const world = await openContainers();
  const promoted = await world.build(1);
  await world.promote(promoted, "stable");
  const rejected = await world.build(2, "rejected");

  const early = await clean(world);
  expect(await liesIn(world, rejected)).toEqual([true, true]);
  await world.pass(60 * DAY);
  const late = await clean(world);
  const again = await clean(world);

  // The build's image resource stays until `mark-leftovers` has tagged it.
  expect([early, late, again].map(({ removed }) => removed)).toEqual([0, 2, 0]);
  expect(await liesIn(world, rejected)).toEqual([false, false]);
  expect(await liesIn(world, promoted)).toEqual([true, true]);
});
