import { expect, test } from "vitest";
import { findChannel } from "../../adapters/channel/channels.ts";
import { findRing, putRing } from "../../adapters/rollout/rings.ts";
import { beginRing, type Ring, ringBuilds, type Version } from "../../core/rollout/ring.ts";
import { undoPromotion } from "../../functions/promotion/undo-promotion.ts";
import { restoreBuild } from "../../functions/revocation/restore-build.ts";
import { revokeOne } from "../../functions/revocation/revoke-one.ts";
import type { Build } from "../channel/way-back/builds.ts";
import { promoteCalmly } from "../channel/way-back/promote.ts";
import { IMAGE, openWay, type World } from "../channel/way-back/world.ts";

const REGIONS = ["eu-west-1", "us-east-1"];
const canary = { image: IMAGE, channel: "candidate", wave: "canary" };
const rest = { ...canary, wave: "rest" };
const PLACE = "200000000001/eu-west-1";

/** Three builds, of which the channel points at the newest. */
async function openPromoted() {
  const world = await openWay(REGIONS, 3);
  await world.renew();
  for (const one of world.builds) await promoteCalmly(world, one);
  const [oldest, older, newer] = world.builds;
  if (!oldest || !older || !newer) throw new Error("There are fewer than three builds.");
  return { world, oldest, older, newer };
}

const versionOf = ({ build, images }: Build): Version => ({
  build,
  amis: Object.fromEntries([...images].map(([region, { id }]) => [region, id])) as Version["amis"],
});

async function put(world: World, at: typeof canary, next: Ring) {
  const { ledger, now } = world.step();
  await putRing(ledger, at, { expected: await findRing(ledger, at), next, now });
}

const ringOf = (world: World, at = canary) => findRing(world.step().ledger, at);
const revoke = (world: World, { build }: Build) =>
  world.through(revokeOne({ build, by: "ada", reason: "bad" }, world.step()));
const pointed = (world: World) => findChannel(world.step().ledger, IMAGE, "candidate");

test("a revoked build leaves every ring at once: rings that lag, and one that a roll-out moves", async () => {
  const { world, oldest, older, newer } = await openPromoted();
  await put(world, canary, { from: versionOf(older) });
  const begun = beginRing({ from: versionOf(oldest) }, versionOf(older), { rollout: "r1", places: [PLACE] });
  await put(world, rest, begun);

  const { left } = await revoke(world, older);

  expect(left).toEqual([]);
  expect(await ringOf(world)).toMatchObject({ from: versionOf(newer) });
  expect(await ringOf(world, rest)).toMatchObject({ from: versionOf(newer), rollout: "r1" });
  expect((await ringOf(world, rest))?.to).toBeUndefined();
});

test("rings that do not name the revoked build stay, and a restored one moves none", async () => {
  const { world, oldest, older, newer } = await openPromoted();
  await put(world, canary, { from: versionOf(oldest) });
  await put(world, rest, { from: versionOf(newer) });
  const before = await ringOf(world);

  await revoke(world, newer);
  const revoked = await ringOf(world, rest);
  const restored = { build: newer.build, by: "ada", reason: "fine", request: "r1", goesOn: false };
  await world.through(restoreBuild(restored, world.step()));

  expect(await ringOf(world)).toEqual(before);
  expect((await pointed(world))?.build).toBe(older.build);
  expect(revoked?.from).toEqual(versionOf(older));
  expect(await ringOf(world, rest)).toEqual(revoked);
});

test("a ring of an emptied channel has no value", async () => {
  const { world, oldest, older, newer } = await openPromoted();
  await put(world, canary, { from: versionOf(oldest) });

  for (const one of [older, newer, oldest]) await revoke(world, one);

  expect(await pointed(world)).toBeUndefined();
  expect(await ringOf(world)).toBeUndefined();
});

test("a build whose promotion is undone leaves its rings: its AMIs are no longer shared", async () => {
  const { world, older, newer } = await openPromoted();
  await put(world, canary, beginRing({ from: versionOf(older) }, versionOf(newer), { rollout: "r1", places: [PLACE] }));
  const error = { Error: "Failed", Cause: "" };

  const { left } = await world.through(
    undoPromotion({ image: IMAGE, build: newer.build, error, triesLeft: 0 }, world.step()),
  );

  expect(left).toEqual([]);
  const ring = await ringOf(world);
  expect(ring && ringBuilds(ring)).toEqual([older.build]);
});
