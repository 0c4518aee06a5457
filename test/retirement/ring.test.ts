import { expect, test } from "vitest";
import { findRing, putRing } from "../../adapters/rollout/rings.ts";
import { putRollout, putTarget } from "../../adapters/rollout/rollouts.ts";
import { freshTarget } from "../../core/rollout/records.ts";
import { beginRing, moveRingEverywhere, settleRing } from "../../core/rollout/ring.ts";
import { HOME, IMAGE } from "../world/factory-of.ts";
import { openWithBuilds } from "./open-with-builds.ts";

const canary = { image: IMAGE, channel: "stable", wave: "canary" };

test("a build that a lagging ring names, or would be rolled back to, is kept until the ring has moved on", async () => {
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

test("a build that a group's template named before its newest roll-out is kept", async () => {
  const { world, old, kept } = await openWithBuilds();
  const newest = kept[1]!;
  const { ledger, now } = world.step();
  const at = { image: IMAGE, channel: "stable" };
  const startedAt = now.toISOString();
  await putRollout(ledger, at, undefined, {
    ...{ id: "r1", kind: "normal", build: newest.build, amis: {}, movedAt: startedAt, steps: [], index: 0 },
    ...{ state: "done", startedAt, changedAt: startedAt, told: true, resumed: false },
  });
  const how = { mode: "version", template: "lt-0123456789abcdef0", from: "1", to: "2", mixed: false } as const;
  const target = { account: "400000000001", region: HOME, group: "shop", wave: "all", step: 1 };
  await putTarget(ledger, { ...at, rollout: "r1" }, undefined, {
    next: { ...freshTarget, ...target, state: "done", how: { ...how, previousAmi: String(old.amis[HOME]) } },
    now,
  });

  await world.live(2);

  expect(world.decision(old.build)).toMatchObject({
    does: "keep",
    reasons: ["groups that follow stable may return to it"],
  });
});
