import { expect, test } from "vitest";
import { findRing, putRing } from "../../adapters/rollout/rings.ts";
import { beginRing, moveRingEverywhere, settleRing } from "../../core/rollout/ring.ts";
import { HOME, IMAGE } from "../world/factory-of.ts";
import { openWithBuilds } from "./open-with-builds.ts";

const canary = { image: IMAGE, channel: "stable", wave: "canary" };

test("a build that a lagging ring names, or would be taken back to, is kept until the ring has moved on", {
  timeout: 120_000,
}, async () => {
  const { world, old, next, kept } = await openWithBuilds();
  const newest = kept[1]!;
  const { ledger, now } = world.step();
  const lagging = await putRing(ledger, canary, { expected: undefined, next: { from: old }, now });
  await world.live(2);
  const whileLagging = world.decision(old.build);

  const moving = lagging && moveRingEverywhere(beginRing(lagging, newest, { rollout: "r1", places: [] }));
  const moved = moving && (await putRing(ledger, canary, { expected: lagging, next: moving, now }));
  await world.live(1);
  const whileMoving = world.decision(old.build);
  const settled = moved && (await putRing(ledger, canary, { expected: moved, next: settleRing(moved), now }));
  await world.live(1);

  expect(whileLagging).toMatchObject({ does: "keep", reasons: ["stable's ring canary names it"] });
  expect(whileMoving).toMatchObject({ does: "keep", reasons: ["stable's ring canary names it"] });
  expect(await findRing(ledger, canary)).toEqual(settled);
  expect(world.decision(old.build)?.does).not.toBe("keep");
  expect(world.decision(next.build)?.reasons).not.toContain("stable's ring canary names it");
  expect((await world.describe(HOME, old.amis[HOME]))?.DeprecationTime).toBeDefined();
});
