import { expect, test } from "vitest";
import { findChannel } from "../../adapters/ledger/channels.ts";
import { claimRestoration, removeRevocation } from "../../adapters/ledger/revocations.ts";
import { revokeBuild } from "../../functions/lib/channels/revoke-build.ts";
import { moveChannel } from "../../functions/move-channel.ts";
import { restoreBuild } from "../../functions/restore-build.ts";
import { shareImage } from "../../functions/share-image.ts";
import { beforeNextMove } from "./wayback/meanwhile.ts";
import { promote } from "./wayback/promote.ts";
import { IMAGE, openWorld } from "./wayback/world.ts";

const regions = ["eu-west-1", "us-east-1"];

test("a build revoked anew while its AMIs are still disabled is given back in full when it is restored", async () => {
  const world = await openWorld(regions, 1);
  await world.renew();
  const [one] = world.builds;
  if (!one) throw new Error("There is no build.");
  const { build, images } = one;
  await world.judge(one, "passed");
  await world.through(
    promote(
      world,
      build,
      (work) => work(),
      () => 0,
    ),
  );
  const before = regions.map((region) => [...(images.get(region)?.permissions.keys() ?? [])]);
  const revoke = () => world.through(revokeBuild({ build, by: "ada", reason: "bad" }, world.step()));
  // A restoration ended in between, and this revocation disabled the AMIs after it, and died.
  await revoke();
  await claimRestoration(world.step().ledger, build, "overtaken");
  await removeRevocation(world.step().ledger, build, "overtaken");
  await world.clock.runUntil(world.clock.now() + 1000);
  await revoke();

  const request = { build, by: "ada", reason: "not that bad", request: "anew", goesOn: false };
  await world.through(restoreBuild(request, world.step()));

  const after = regions.map((region) => [...(images.get(region)?.permissions.keys() ?? [])]);
  expect(before.flat()).toHaveLength(4);
  expect(after).toEqual(before);
  expect(regions.map((region) => images.get(region)?.state)).toEqual(["available", "available"]);
});

test("a channel that is moved to a build while somebody revokes it, start to end, does not stay there", async () => {
  const world = await openWorld(regions, 1);
  await world.renew();
  const [one] = world.builds;
  if (!one) throw new Error("There is no build.");
  const subject = { image: IMAGE, build: one.build, channel: "candidate" };
  await world.judge(one, "passed");
  world.now.story.entered({ ...subject, required: 0 });
  for (const region of regions) await world.through(shareImage({ ...subject, region }, world.step()));
  beforeNextMove(world, subject.channel, () =>
    revokeBuild({ build: one.build, by: "ada", reason: "bad" }, world.step()),
  );

  const moved = world.through(moveChannel(subject, world.step()));

  await expect(moved).rejects.toThrow(/neither shared nor published: ada revoked it/);
  expect(await findChannel(world.step().ledger, IMAGE, "candidate")).toBeUndefined();
});
