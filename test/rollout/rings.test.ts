import { expect, test } from "vitest";
import { findRing, listRings, putRing, removeRing } from "../../adapters/rollout/rings.ts";
import type { Version } from "../../core/rollout/ring.ts";
import { type BuildArn, parseAmiId } from "../../events/ids.ts";
import { openWorld } from "../world/world.ts";

const NOW = new Date("2026-04-01T08:00:00.000Z");
const canary = { image: "base", channel: "stable", wave: "canary" };
const rest = { ...canary, wave: "rest" };

const version = (nth: number): Version => ({
  build: `arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-base/1.0.${nth}/1` as BuildArn,
  amis: { "eu-west-1": parseAmiId(`ami-0000000000000000${nth}`) },
});

test("a ring's record is changed only by the last reader, and no two changes have the same time", async () => {
  const { ledger } = await openWorld({});

  const made = await putRing(ledger, canary, { expected: undefined, next: { from: version(1) }, now: NOW });
  const again = await putRing(ledger, canary, { expected: undefined, next: { from: version(2) }, now: NOW });
  const to = { ...version(2), everywhere: false, places: ["200000000001/eu-west-1"] };
  const moved = await putRing(ledger, canary, {
    expected: made,
    next: { from: version(1), to, rollout: "r1" },
    now: NOW,
  });
  const late = await putRing(ledger, canary, { expected: made, next: { from: version(3) }, now: NOW });

  expect([again, late]).toEqual([undefined, undefined]);
  expect(moved?.movedAt).toBe("2026-04-01T08:00:00.001Z");
  expect(await findRing(ledger, canary)).toEqual(moved);
  expect(made && (await removeRing(ledger, canary, made))).toBe(false);
  expect(moved && (await removeRing(ledger, canary, moved))).toBe(true);
  expect(await findRing(ledger, canary)).toBeUndefined();
});

test("rings are listed of a channel, of an image, and all", async () => {
  const { ledger } = await openWorld({});
  const others = [
    { ...canary, channel: "stable2" },
    { ...canary, image: "base2" },
  ];
  for (const at of [canary, rest, ...others]) {
    await putRing(ledger, at, { expected: undefined, next: { from: version(1) }, now: NOW });
  }

  const ofChannel = await listRings(ledger, { image: "base", channel: "stable" });

  expect(ofChannel.map(({ wave }) => wave)).toEqual(["canary", "rest"]);
  expect(ofChannel[0]).toMatchObject({ ...canary, ring: { from: version(1) } });
  expect(await listRings(ledger, { image: "base" })).toHaveLength(3);
  expect(await listRings(ledger)).toHaveLength(4);
});
