import { BatchDeleteImageCommand, BatchGetImageCommand, PutImageCommand } from "@aws-sdk/client-ecr";
import { expect, test } from "vitest";
import { readImageStates } from "../../adapters/build/image-state.ts";
import { listDrift } from "../../adapters/repair/reported-drift.ts";
import { channelRepository } from "../../core/names.ts";
import { repairParameters } from "../../functions/repair/repair-parameters.ts";
import { repairRepositories } from "../../functions/repair/repair-repositories.ts";
import { repairShares } from "../../functions/repair/repair-shares.ts";
import { everything } from "../../functions/repair/scope.ts";
import { HOME, REGIONS } from "../world/factory-of.ts";
import { FACTORY } from "../world/organization.ts";
import { repairing } from "../world/repairing.ts";
import { HOUR } from "../world/time.ts";
import { type ContainerWorld, MEMBER, openContainers, WEB } from "./container-world.ts";
import { pushImage } from "./push-image.ts";

const repositoryName = channelRepository("sharing", WEB, "stable");

/** What `reconcile` does about channels, in its order, an hour after the last move. */
async function repair(world: ContainerWorld): Promise<number> {
  await world.pass(HOUR);
  const step = repairing(await world.stepAs("ReconcileRole"), "");
  const states = await readImageStates(world.ledger, [WEB]);
  const told = await listDrift(world.ledger);
  const repaired: number[] = [];
  for (const work of [repairParameters, repairShares, repairRepositories]) {
    repaired.push(await world.through(work({ states, told }, everything(step), step)));
  }
  return repaired.reduce((sum, one) => sum + one, 0);
}

const found = (world: ContainerWorld) =>
  world.said.flatMap(({ name, detail }) => (name === "drift.found" ? [detail.found] : []));

async function withTwo() {
  const world = await openContainers();
  const first = await world.build(1);
  await world.promote(first, "stable");
  const second = await world.build(2);
  await world.promote(second, "stable");
  return { world, first, second };
}

test("without drift, nothing is changed and nothing reported", async () => {
  const { world, second } = await withTwo();

  expect(await repair(world)).toBe(0);
  expect(await world.says("stable", HOME)).toEqual(world.pointing("stable", second, HOME));
});

test("a tag that was moved by hand is moved back to the channel's build, reported once", async () => {
  const { world, first, second } = await withTwo();
  const ecr = world.ecr(FACTORY, "us-east-1");
  const { images = [] } = await ecr.send(
    new BatchGetImageCommand({ repositoryName, imageIds: [{ imageDigest: first.digest }] }),
  );
  const { imageManifest } = images[0] ?? {};
  await ecr.send(new PutImageCommand({ repositoryName, imageManifest, imageTag: "stable" }));

  const once = await repair(world);
  const again = await repair(world);

  expect([once, again]).toEqual([1, 0]);
  expect(await world.says("stable", "us-east-1")).toEqual(world.pointing("stable", second, "us-east-1"));
  expect(found(world)).toEqual([expect.stringContaining(`pointed at ${first.digest}, but the channel points at`)]);
});

test("an image that was deleted from a channel's repository is restored, with the channel's tag", async () => {
  const { world, second } = await withTwo();
  const imageIds = [{ imageDigest: second.digest }];
  await world.ecr(FACTORY).send(new BatchDeleteImageCommand({ repositoryName, imageIds }));
  expect(await world.pulls(MEMBER, "stable", second)).toBe(false);

  await repair(world);

  expect(await world.pulls(MEMBER, "stable", second)).toBe(true);
  for (const region of REGIONS)
    expect(await world.says("stable", region)).toEqual(world.pointing("stable", second, region));
  expect(found(world).join("\n")).toContain("was no longer shared with");
});

test("a build in a channel's repository that was never shared for it is deleted there, reported once", async () => {
  const { world } = await withTwo();
  const unjudged = await world.build(3, "unjudged");
  await pushImage(world.ecr(FACTORY), repositoryName, "build 3", "1.0.0-3");
  const foreign = await pushImage(world.ecr(FACTORY), repositoryName, "foreign", "own");
  expect(await world.pulls(MEMBER, "stable", unjudged)).toBe(true);

  const once = await repair(world);
  const again = await repair(world);

  expect([once, again]).toEqual([2, 0]);
  expect(await world.pulls(MEMBER, "stable", unjudged)).toBe(false);
  expect(await world.canPull(FACTORY, repositoryName, foreign)).toBe(true);
  expect(found(world).join("\n")).toContain("build 1.0.0/3, which was not shared for the channel");
});
