import { regionDown, setInterference, undisturbed } from "embedded-aws/faults";
import { expect, test } from "vitest";
import { findChannel } from "../../adapters/channel/channels.ts";
import { recordUndone, removeMove } from "../../adapters/promotion/promotion.ts";
import { recordRevocation } from "../../adapters/revocation/revocations.ts";
import type { BuildArn } from "../../events/ids.ts";
import { moveBack } from "../../functions/channel/move-back.ts";
import { moveChannel } from "../../functions/channel/move-channel.ts";
import { undoPromotion } from "../../functions/promotion/undo-promotion.ts";
import { revokeOne } from "../../functions/revocation/revoke-one.ts";
import { shareImage } from "../../functions/share/share-image.ts";
import type { Build } from "./way-back/builds.ts";
import { beforeNextMove } from "./way-back/meanwhile.ts";
import { promoteCalmly } from "./way-back/promote.ts";
import { brokenRules } from "./way-back/rules.ts";
import { IMAGE, openWay, type World } from "./way-back/world.ts";

const regions = ["eu-west-1", "us-east-1"];
const channel = "candidate";
const undone = (n: number) => new RegExp(`base/1.0.0/${n} is not shared or published: its promotion was undone`);

test("a move that a promotion's undoing overtakes, start to end, is put back", async () => {
  const { world, older, newer } = await openBuilds();
  await promoteAll(world, [older]);
  const subject = await share(world, newer);
  beforeNextMove(world, channel, () => undo(world, newer));

  const moved = world.through(moveChannel(subject, world.step()));

  await expect(moved).rejects.toThrow(undone(3));
  expect(await pointsAt(world)).toBe(older.build);
  expect(await brokenAtRest(world)).toEqual([]);
});

test("a late move to a build whose promotion was undone moves nothing", async () => {
  const { world, older, newer } = await openBuilds();
  await promoteAll(world, [older]);
  const subject = await share(world, newer);
  await recordUndone(world.step().ledger, newer.build, []);

  const moved = world.through(moveChannel(subject, world.step()));

  await expect(moved).rejects.toThrow(undone(3));
  expect(await pointsAt(world)).toBe(older.build);
});

test("a move that died before it saw that it had been overtaken is put back when it is asked again", async () => {
  const { world, oldest, older, newer } = await openBuilds();
  await promoteAll(world, [oldest, older, newer]);
  // The undoing looked at the channel before it was moved; and the one before was revoked since.
  const { ledger } = world.step();
  await recordUndone(ledger, newer.build, []);
  await removeMove(ledger, newer.build, { channel });
  await recordRevocation(ledger, older.build, { by: "ada", reason: "bad", at: "2026-04-01T09:00:00.000Z" });

  const again = world.through(moveChannel({ image: IMAGE, build: newer.build, channel }, world.step()));

  await expect(again).rejects.toThrow(undone(3));
  expect(await pointsAt(world)).toBe(oldest.build);
});

test("a rollback to a build whose promotion is undone meanwhile goes further back, and says so", async () => {
  const { world, oldest, older, newer } = await openBuilds();
  await promoteAll(world, [oldest, older, newer]);
  beforeNextMove(world, channel, () => undo(world, older));

  const asked = { image: IMAGE, channel, by: "ada", reason: "slow", request: "one" };
  const back = world.through(moveBack(asked, world.step()));

  await expect(back).rejects.toThrow(undone(2));
  expect(await pointsAt(world)).toBe(oldest.build);
  expect(await brokenAtRest(world)).toEqual([]);
});

test("when two promotions in a row are undone at once, the channel returns to the build before both", async () => {
  const { world, oldest, older, newer } = await openBuilds();
  await promoteAll(world, [oldest, older, newer]);
  beforeNextMove(world, channel, () => undo(world, older));

  await world.through(undo(world, newer));

  expect(await pointsAt(world)).toBe(oldest.build);
  expect(await brokenAtRest(world)).toEqual([]);
});

test("where what an undoing goes back to is revoked meanwhile, the channel goes back behind both", async () => {
  const { world, oldest, older, newer } = await openBuilds();
  await promoteAll(world, [oldest, older, newer]);
  beforeNextMove(world, channel, () => revoke(world, older));

  await world.through(undo(world, newer));

  expect(await pointsAt(world)).toBe(oldest.build);
  expect(await brokenAtRest(world)).toEqual([]);
});

test("when the successor of a revoked build is undone meanwhile, the channel returns to the build before both", async () => {
  const { world, oldest, older, newer } = await openBuilds();
  await promoteAll(world, [oldest, older, newer]);
  beforeNextMove(world, channel, () => undo(world, older));

  await world.through(revoke(world, newer));

  expect(await pointsAt(world)).toBe(oldest.build);
  expect(await brokenAtRest(world)).toEqual([]);
});

test("a region whose parameter could not be written stays on the list of pending regions until it can", async () => {
  const { world, older, newer } = await openBuilds();
  await promoteAll(world, [older, newer]);
  await world.clock.runUntil(world.clock.now() + 60_000);
  setInterference(world.aws, {
    ...undisturbed,
    operation: ({ call: { region }, operation }, carryOut) =>
      operation === "PutParameter" && region === "us-east-1" ? Promise.reject(regionDown(region)) : carryOut(),
  });

  const tries = [await world.through(undo(world, newer)), await world.through(undo(world, newer))];

  for (const { left } of tries)
    expect(left.map((one) => one.split(":")[0])).toEqual(["channel candidate", "channel stable"]);
  setInterference(world.aws, undisturbed);
  const { left, undone: all } = await world.through(undo(world, newer));
  expect(left).toEqual([]);
  expect(all.filter((one) => one.includes("no longer shared"))).toHaveLength(2 * regions.length);
  expect(await pointsAt(world)).toBe(older.build);
  expect(await brokenAtRest(world)).toEqual([]);
});

test("of two shares at the same moment, the one that adds nothing keeps the record of what the other added", async () => {
  const { world, newer } = await openBuilds();
  await world.judge(newer, "passed");
  world.now.story.entered({ build: newer.build, channel, required: 0 });
  const subject = { image: IMAGE, build: newer.build, channel, region: "us-east-1" };
  let happened = false;
  setInterference(world.aws, {
    ...undisturbed,
    // After the first share has read its record, and before it reads the permissions.
    operation: async ({ operation }, carryOut) => {
      if (operation === "DescribeImageAttribute" && !happened) {
        happened = true;
        await shareImage(subject, world.step());
      }
      return carryOut();
    },
  });

  await world.through(shareImage(subject, world.step()));

  const { undone: all } = await world.through(undo(world, newer));
  expect(all).toEqual([expect.stringContaining("in us-east-1 is no longer shared with 444455556666")]);
  expect(await brokenAtRest(world)).toEqual([]);
});

/** Three builds, judged; nothing was promoted yet. */
async function openBuilds() {
  const world = await openWay(regions, 3);
  await world.renew();
  const [oldest, older, newer] = world.builds;
  if (!oldest || !older || !newer) throw new Error("There are fewer than three builds.");
  return { world, oldest, older, newer };
}

async function promoteAll(world: World, builds: readonly Build[]): Promise<void> {
  for (const one of builds) await promoteCalmly(world, one);
}

/** What comes before a move. */
async function share(world: World, one: Build) {
  const subject = { image: IMAGE, build: one.build, channel };
  await world.judge(one, "passed");
  world.now.story.entered({ ...subject, required: 0 });
  for (const region of regions) await world.through(shareImage({ ...subject, region }, world.step()));
  return subject;
}

const undo = (world: World, { build }: Build) =>
  undoPromotion({ image: IMAGE, build, error: { Error: "Failed", Cause: "" }, triesLeft: 0 }, world.step());

const revoke = (world: World, { build }: Build) => revokeOne({ build, by: "ada", reason: "bad" }, world.step());

/** SSM validates new parameter values for a while. */
async function brokenAtRest(world: World): Promise<string[]> {
  await world.clock.runUntil(world.clock.now() + 60_000);
  return brokenRules(world, []);
}

const pointsAt = async (world: World): Promise<BuildArn | undefined> =>
  (await findChannel(world.step().ledger, IMAGE, channel))?.build;
