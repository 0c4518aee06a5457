import { expect, test } from "vitest";
import { buildsRepository, channelRepository } from "../../core/names.ts";
import { moveBack } from "../../functions/channel/move-back.ts";
import { undoPromotion } from "../../functions/promotion/undo-promotion.ts";
import { restoreBuild } from "../../functions/revocation/restore-build.ts";
import { revokeOne } from "../../functions/revocation/revoke-one.ts";
import { shareImage } from "../../functions/share/share-image.ts";
import { HOME, REGIONS } from "../world/factory-of.ts";
import { STRANGER } from "../world/organization.ts";
import { type ContainerBuild, type ContainerWorld, MEMBER, OUTSIDE, openContainers, WEB } from "./container-world.ts";

const repositoryOf = (channel: string) => channelRepository("sharing", WEB, channel);

const back = { image: WEB, channel: "stable", by: "ada", reason: "it does not start", request: "r1" };

const revoke = async (world: ContainerWorld, { build }: ContainerBuild) =>
  world.through(revokeOne({ build, by: "ada", reason: "a backdoor" }, await world.stepAs("RevokeBuildRole")));

const restore = async (world: ContainerWorld, { build }: ContainerBuild) => {
  const asked = { build, by: "ada", reason: "it was none", request: "r2", goesOn: false };
  return world.through(restoreBuild(asked, await world.stepAs("RestoreBuildRole")));
};

const undo = async (world: ContainerWorld, { build }: ContainerBuild) => {
  const error = { Error: "States.Timeout", Cause: "the state machine gave up" };
  const asked = { image: WEB, build, error, triesLeft: 0 };
  return world.through(undoPromotion(asked, await world.stepAs("UndoPromotionRole")));
};

test("a shared build can be pulled only by the channel's accounts, and only from the channel's repository", async () => {
  const world = await openContainers();
  const first = await world.build(1);

  await world.promote(first, "stable");

  for (const region of REGIONS) {
    expect(await world.says("stable", region)).toEqual(world.pointing("stable", first, region));
    expect(await world.pulls(MEMBER, "stable", first, region)).toBe(true);
    expect(await world.pulls(OUTSIDE, "stable", first, region)).toBe(false);
    expect(await world.pulls(STRANGER, "stable", first, region)).toBe(false);
    expect(await world.canPull(MEMBER, buildsRepository("sharing", WEB), first.digest, region)).toBe(false);
    expect(await world.pulls(MEMBER, "candidate", first, region)).toBe(false);
  }
  expect(world.said.find(({ name }) => name === "channel.moved")?.detail).toMatchObject({
    regions: { [HOME]: { amiId: world.pointing("stable", first, HOME).parameter } },
  });
});

test("an image that has not passed its gate is not copied", async () => {
  const world = await openContainers();
  const unjudged = await world.build(1, "unjudged");
  const rejected = await world.build(2, "rejected");

  for (const one of [unjudged, rejected]) {
    const share = shareImage({ image: WEB, build: one.build, channel: "stable", region: HOME }, world.step());
    await expect(share).rejects.toMatchObject({ name: "GateNotPassed" });
    expect(await world.pulls(MEMBER, "stable", one)).toBe(false);
  }
});

test("sharing twice copies once", async () => {
  const world = await openContainers();
  const first = await world.build(1);
  const asked = { image: WEB, build: first.build, channel: "stable", region: HOME };

  const one = await shareImage(asked, world.step());
  const again = await shareImage(asked, world.step());

  expect(again).toEqual(one);
  expect(one.amiId).toBe(world.pointing("stable", first, HOME).parameter);
});

async function withTwo(): Promise<{ world: ContainerWorld; first: ContainerBuild; second: ContainerBuild }> {
  const world = await openContainers();
  const first = await world.build(1);
  await world.promote(first, "stable");
  const second = await world.build(2);
  await world.promote(second, "stable");
  return { world, first, second };
}

test("a channel is rolled back in all regions, tag and parameter", async () => {
  const { world, first, second } = await withTwo();

  const { pointed, corrected } = await world.through(moveBack(back, await world.stepAs("RollBackRole")));

  expect(pointed.build).toBe(first.build);
  expect(corrected).toEqual([]);
  for (const region of REGIONS) {
    expect(await world.says("stable", region)).toEqual(world.pointing("stable", first, region));
    expect(await world.pulls(MEMBER, "stable", first, region)).toBe(true);
    // Accounts that run it by its digest keep it: it was not revoked.
    expect(await world.pulls(MEMBER, "stable", second, region)).toBe(true);
  }
});

test("a revoked build cannot be pulled, the channel leaves it, and restored it can be pulled again", async () => {
  const { world, first, second } = await withTwo();

  const revoked = await revoke(world, second);

  expect(revoked).toMatchObject({ left: [], channels: [{ channel: "stable", to: first.build }] });
  for (const region of REGIONS) {
    expect(await world.says("stable", region)).toEqual(world.pointing("stable", first, region));
    expect(await world.pulls(MEMBER, "stable", second, region)).toBe(false);
  }

  await restore(world, second);

  for (const region of REGIONS) {
    expect(await world.pulls(MEMBER, "stable", second, region)).toBe(true);
    expect(await world.pulls(OUTSIDE, "stable", second, region)).toBe(false);
    expect(await world.says("stable", region)).toEqual(world.pointing("stable", first, region));
  }
});

test("after its only build is revoked, a channel has no tag, parameter or image", async () => {
  const world = await openContainers();
  const first = await world.build(1);
  await world.promote(first, "stable");

  await revoke(world, first);

  for (const region of REGIONS) {
    expect(await world.says("stable", region)).toEqual({ parameter: undefined, tag: undefined });
    expect(await world.pulls(MEMBER, "stable", first, region)).toBe(false);
  }
});

test("a failed promotion is undone: the channel points where it did, and the build cannot be pulled", async () => {
  const { world, first, second } = await withTwo();

  const { left } = await undo(world, second);

  expect(left).toEqual([]);
  for (const region of REGIONS) {
    expect(await world.says("stable", region)).toEqual(world.pointing("stable", first, region));
    expect(await world.pulls(MEMBER, "stable", second, region)).toBe(false);
    expect(await world.pulls(MEMBER, "stable", first, region)).toBe(true);
  }
  expect(repositoryOf("stable")).toBe("sharing/web/stable");
});

test("an undone and revoked build is restored without shares", async () => {
  const { world, second } = await withTwo();
  await revoke(world, second);
  await undo(world, second);

  await restore(world, second);

  for (const region of REGIONS) expect(await world.pulls(MEMBER, "stable", second, region)).toBe(false);
});
