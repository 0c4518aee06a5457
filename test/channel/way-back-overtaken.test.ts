import { EC2Client, EnableImageCommand } from "@aws-sdk/client-ec2";
import { expect, test } from "vitest";
import { findChannel } from "../../adapters/channel/channels.ts";
import { listMoves } from "../../adapters/channel/history.ts";
import { recordUndone } from "../../adapters/promotion/promotion.ts";
import {
  claimRestoration,
  listAllWithdrawals,
  recordRevocation,
  removeRevocation,
} from "../../adapters/revocation/revocations.ts";
import { keyOf } from "../../core/ledger/kinds.ts";
import { moveChannel } from "../../functions/channel/move-channel.ts";
import { reshareBuild } from "../../functions/revocation/reshare-build.ts";
import { restoreBuild } from "../../functions/revocation/restore-build.ts";
import { revokeOne } from "../../functions/revocation/revoke-one.ts";
import { shareImage } from "../../functions/share/share-image.ts";
import { beforeCall, beforeNextMove, beforeQuery, beforeWrite } from "./way-back/meanwhile.ts";
import { promoteCalmly } from "./way-back/promote.ts";
import { IMAGE, openWay } from "./way-back/world.ts";

const regions = ["eu-west-1", "us-east-1"];

/** A build that was promoted to both channels. */
async function promoted() {
  const world = await openWay(regions, 1);
  await world.renew();
  const [one] = world.builds;
  if (!one) throw new Error("No build exists.");
  const { build, images } = one;
  await promoteCalmly(world, one);
  const launchers = () => regions.map((region) => [...(images.get(region)?.permissions.keys() ?? [])]);
  const asked = { build, by: "ada", reason: "not that bad", request: "anew", goesOn: false };
  return {
    world,
    build,
    images,
    before: launchers(),
    launchers,
    states: () => regions.map((region) => images.get(region)?.state),
    revoke: () => world.through(revokeOne({ build, by: "ada", reason: "bad" }, world.step())),
    restore: () => world.through(restoreBuild(asked, world.step())),
  };
}

/** It was revoked, and its restoration crashed before its AMIs were shared again. */
async function revokedAndOvertaken() {
  const one = await promoted();
  const { world, build, revoke } = one;
  await revoke();
  await claimRestoration(world.step().ledger, build, "overtaken");
  await removeRevocation(world.step().ledger, build, "overtaken");
  await world.clock.runUntil(world.clock.now() + 1000);
  return one;
}

test("a revocation that disables AMIs and ends while a restoration finishes leaves none of them disabled", async () => {
  const { world, build, before, revoke, restore, launchers, states } = await promoted();
  const [{ pk: saved }, { pk: record }] = [
    keyOf("withdrawal", { build, at: "", region: "" }),
    keyOf("revocation", { build }),
  ];
  const finishing = Promise.withResolvers<void>();
  let restored: Promise<unknown> | undefined;
  beforeWrite(
    world,
    ({ pk }) => pk === saved,
    () => {
      restored = restore();
      return finishing.promise;
    },
  );
  beforeWrite(
    world,
    ({ pk }, operation) => pk === record && operation === "DeleteCommand",
    () => {
      finishing.resolve();
      return revoked;
    },
  );

  const revoked = revoke().catch((error: Error) => error.name);

  expect(await revoked).toBe("RestoredMeanwhile");
  await restored;
  expect(launchers()).toEqual(before);
  expect(states()).toEqual(["available", "available"]);
});

test("a build revoked again while its AMIs are still disabled is shared completely when it is restored", async () => {
  // A restoration ended in between, and the first revocation disabled the AMIs after it, and died.
  const { before, revoke, restore, launchers, states } = await revokedAndOvertaken();
  await revoke();

  await restore();

  expect(before.flat()).toHaveLength(4);
  expect(launchers()).toEqual(before);
  expect(states()).toEqual(["available", "available"]);
});

test("a build revoked again while its AMIs are enabled and not shared yet is shared completely when it is restored", async () => {
  // The first restoration enabled the AMIs, and crashed before it shared them.
  const { world, images, before, revoke, restore, launchers, states } = await revokedAndOvertaken();
  for (const [region, { id }] of images) {
    await world.through(
      world
        .step()
        .client(EC2Client, region)
        .send(new EnableImageCommand({ ImageId: id })),
    );
  }
  await revoke();

  await restore();

  expect(before.flat()).toHaveLength(4);
  expect(launchers()).toEqual(before);
  expect(states()).toEqual(["available", "available"]);
});

test("a channel that is moved to a build while a complete revocation of it runs does not stay there", async () => {
  const world = await openWay(regions, 1);
  await world.renew();
  const [one] = world.builds;
  if (!one) throw new Error("No build exists.");
  const subject = { image: IMAGE, build: one.build, channel: "candidate" };
  await world.judge(one, "passed");
  world.now.story.entered({ ...subject, required: 0 });
  for (const region of regions) await world.through(shareImage({ ...subject, region }, world.step()));
  beforeNextMove(world, subject.channel, () => revokeOne({ build: one.build, by: "ada", reason: "bad" }, world.step()));

  const moved = world.through(moveChannel(subject, world.step()));

  await expect(moved).rejects.toThrow(/is not shared or published: ada revoked it/);
  expect(await findChannel(world.step().ledger, IMAGE, "candidate")).toBeUndefined();
});

test("a build that is restored while its channel leaves it stays there, and is not moved to itself", async () => {
  const { world, build } = await promoted();
  const { ledger } = world.step();
  const [moves, subject] = [() => listMoves(ledger, IMAGE, "candidate"), { image: IMAGE, build, channel: "candidate" }];
  const before = await moves();
  await recordRevocation(ledger, build, { by: "ada", reason: "bad", at: world.step().now.toISOString() });
  // The first looks whether the channel ever had the build, the second where it goes instead.
  beforeQuery(world, "history", 2, async () => {
    await claimRestoration(ledger, build, "meanwhile");
    await removeRevocation(ledger, build, "meanwhile");
  });

  const moved = world.through(moveChannel(subject, world.step()));

  await expect(moved).rejects.toThrow(/is not shared or published: ada revoked it/);
  expect(await moves()).toEqual(before);
});

test("a revocation that a restoration overtook shares no build whose promotion was undone meanwhile", async () => {
  const { world, build, revoke, launchers, states } = await promoted();
  const { ledger } = world.step();
  const { pk: record } = keyOf("revocation", { build });
  beforeWrite(
    world,
    ({ pk }, operation) => pk === record && operation === "UpdateCommand",
    async () => {
      await claimRestoration(ledger, build, "meanwhile");
      await removeRevocation(ledger, build, "meanwhile");
      await recordUndone(ledger, build, []);
    },
  );

  const revoked = revoke().catch((error: Error) => error.name);

  expect(await revoked).toBe("RestoredMeanwhile");
  expect(launchers()).toEqual([[], []]);
  expect(states()).toEqual(["available", "available"]);
});

test("a build whose promotion is undone while it is shared again does not stay shared", async () => {
  const { world, build, revoke, launchers } = await promoted();
  await revoke();
  const step = world.step();
  // The first reads what proves an AMI.
  beforeCall(
    world,
    (call) => call.constructor.name === "BatchGetCommand",
    () => recordUndone(step.ledger, build, []),
  );

  const failed = await world.through(reshareBuild(build, await listAllWithdrawals(step.ledger, build), step));

  expect(failed).toEqual([]);
  expect(launchers()).toEqual([[], []]);
});
