import { expect, test } from "vitest";
import { recordGate } from "../../adapters/evidence/evidence.ts";
import { keyIn, put, query, remove } from "../../adapters/ledger/table.ts";
import { recordRevocation } from "../../adapters/revocation/revocations.ts";
import { findRing } from "../../adapters/rollout/rings.ts";
import { findTry, listTries } from "../../adapters/share/consumer-tries.ts";
import { below, keyOf } from "../../core/ledger/kinds.ts";
import {
  beginRing,
  moveRingEverywhere,
  placeOf,
  type Ring,
  returnRingAt,
  settleRing,
} from "../../core/rollout/ring.ts";
import { mirrorChannels } from "../../functions/channel/mirror-channel.ts";
import { followOrganization } from "../../functions/organization/follow-organization.ts";
import { writeRing } from "../../functions/rollout/write-ring.ts";
import { consumerRoleOf } from "../../functions/share/consumer-role.ts";
import { type ConsumerWorld, openConsumers } from "../share/consumer-world.ts";
import { HOME, IMAGE } from "../world/factory-of.ts";
import { HOUR } from "../world/time.ts";
import {
  BUILD,
  canary,
  carryOut,
  change,
  everywhere,
  lookAgain,
  moved,
  open,
  openMoved,
  PRODUCTION,
  share,
  TEST,
  WAVES,
  withdraw,
} from "./ring-world.ts";

test("a roll-out moves one place of a ring, then all; a place that is rolled back keeps its AMI", async () => {
  const { world, before } = await openMoved();
  const first = { ...canary, account: TEST, region: HOME };
  const role = consumerRoleOf(world.step().settings, TEST);
  const after = await world.promote(2);
  await moved(world);

  const built = { build: (await world.pointed()).build, amis: after };
  await change(world, (ring) => beginRing(ring, built, { rollout: "r1", places: [placeOf(TEST, HOME)] }));
  const written = await writeRing(first, role, world.step());
  const alone = [await world.copies(TEST, "canary"), await world.copies(BUILD, "canary"), await lookAgain(world)];
  await change(world, moveRingEverywhere);
  await lookAgain(world);
  const all = [await world.copies(TEST, "canary"), await world.copies(BUILD, "canary")];
  await change(world, (ring) => returnRingAt(ring, [placeOf(TEST, HOME)]));
  const back = await writeRing(first, role, world.step());
  await change(world, settleRing);
  await lookAgain(world, "all");

  expect(written).toBe(after[HOME]);
  expect(alone).toEqual([[after[HOME], before["us-east-1"]], everywhere(before), []]);
  expect(all).toEqual([everywhere(after), everywhere(after)]);
  expect(back).toBe(before[HOME]);
  expect(await world.copies(TEST, "canary")).toEqual([before[HOME], after["us-east-1"]]);
  expect(await world.copies(BUILD, "rest")).toEqual(everywhere(before));
});

test("a revoked build leaves the parameters of all rings as soon as the revocation's event arrives", async () => {
  const world = await open();
  const before = await world.promote(1);
  const first = await world.pointed();
  await moved(world);
  const after = await world.promote(2);
  await moved(world);
  await withdraw(world, first);
  world.asked.length = 0;

  await mirrorChannels({ image: IMAGE }, world.step());
  await carryOut(world);

  expect(before).not.toEqual(after);
  for (const wave of WAVES) expect(await world.copies(PRODUCTION, wave)).toEqual(everywhere(after));
});

test("where the channel points at nothing, the parameters of rings that named the revoked build go", async () => {
  const { world } = await openMoved();
  const first = await world.pointed();
  await world.empty();
  await withdraw(world, first);

  await mirrorChannels({ image: IMAGE }, world.step());
  await carryOut(world);
  const gone = await world.copies(BUILD, "canary");
  const amis = await world.promote(2);
  await moved(world);

  expect(gone).toEqual([undefined, undefined]);
  expect(await world.copies(BUILD, "canary")).toEqual(everywhere(amis));
});

test("no place gets an AMI whose build is revoked, or did not pass its gate", async () => {
  const { world, before } = await openMoved();
  const first = { ...canary, account: TEST, region: HOME };
  const role = consumerRoleOf(world.step().settings, TEST);
  const after = await world.promote(2);
  const second = await world.pointed();
  const begin = (ring: Ring) =>
    beginRing(ring, { ...second, amis: after }, { rollout: "r1", places: [placeOf(TEST, HOME)] });
  await change(world, begin);

  await recordGate(world.ledger, second.build, { verdict: "rejected", reasons: [], decidedAt: second.startedAt });
  const ungated = writeRing(first, role, world.step());
  await expect(ungated).rejects.toThrow(/is not proven .* The gate did not pass it/);
  await recordGate(world.ledger, second.build, { verdict: "passed", reasons: [], decidedAt: second.startedAt });
  await recordRevocation(world.ledger, second.build, { by: "ada", reason: "bad", at: second.startedAt });
  const revoked = writeRing(first, role, world.step());
  await expect(revoked).rejects.toThrow("bad");

  expect(await world.copies(TEST, "canary")).toEqual(everywhere(before));
  expect(await findTry(world.ledger, canary, TEST)).toMatchObject({ failed: expect.stringContaining("BuildRevoked") });
});

test("an account that refuses delays no roll-out elsewhere, and is reported with its wave", async () => {
  const world = await openConsumers({ share, deployedTo: [BUILD, PRODUCTION], waves: ["canary"] });
  await world.promote(1);
  await moved(world);
  const role = consumerRoleOf(world.step().settings, TEST);

  const written = writeRing({ ...canary, account: TEST, region: HOME }, role, world.step());
  await expect(written).rejects.toThrow(/sts:AssumeRole/);
  await world.pass(2 * HOUR);
  await lookAgain(world);
  await world.deploy(TEST);
  await lookAgain(world);

  const told = world.details("consumers.failed");
  expect(told).toContainEqual(expect.objectContaining({ ...canary, work: "mirror", count: 1 }));
  expect(await world.copies(TEST, "canary")).toEqual(await world.copies(BUILD, "canary"));
});

test("the ring of a wave that the config has no more stays while a group may use it, and goes when none does", async () => {
  const { world, before: amis } = await openMoved();
  const without = await withoutWave(world, "canary");
  await without.look();
  const unknown = [await world.copies(BUILD, "canary"), await findRing(world.ledger, canary)];

  await recordRollout(world, [{ wave: "rest", how: { mode: "parameter", ring: "canary" } }]);
  await without.look();
  const used = await world.copies(BUILD, "canary");
  await recordRollout(world, [{ wave: "rest", how: { mode: "parameter", ring: "rest" } }, { wave: "rest" }]);
  await without.look();
  const unsure = await world.copies(BUILD, "canary");
  await recordRollout(world, [{ wave: "rest", how: { mode: "parameter", ring: "rest" } }]);
  await without.look();

  expect(unknown).toEqual([everywhere(amis), expect.objectContaining({ from: expect.anything() })]);
  expect(used).toEqual(everywhere(amis));
  expect(unsure).toEqual(everywhere(amis));
  expect(await world.copies(BUILD, "canary")).toEqual([undefined, undefined]);
  expect(await world.copies(BUILD, "rest")).toEqual(everywhere(amis));
  expect(await findRing(world.ledger, canary)).toBeUndefined();
  expect(await listTries(world.ledger, canary)).toEqual([]);
});

/** The factory after its config lost a wave. */
async function withoutWave(world: ConsumerWorld, wave: string) {
  const step = world.step();
  const { factory } = step.settings;
  const [image] = Object.values(factory.images);
  const channels = (image?.channels ?? []).map(({ rollout, ...one }) => ({
    ...one,
    ...(rollout && { rollout: { ...rollout, waves: rollout.waves.filter(({ name }) => name !== wave) } }),
  }));
  const settings = { ...step.settings, factory: { ...factory, images: { [IMAGE]: { ...image!, channels } } } };
  return {
    /** Once compared in full. */
    async look() {
      world.asked.length = 0;
      await followOrganization({ scheduledTime: step.now.toISOString(), rings: "all" }, { ...world.step(), settings });
      for (let next = world.asked.shift(); next; next = world.asked.shift()) {
        await mirrorChannels(next.event as never, { ...world.step(), settings });
      }
    },
  };
}

/** The channel's newest roll-out, which went through, and its groups. */
async function recordRollout(
  { ledger }: ConsumerWorld,
  targets: readonly { readonly wave: string; readonly how?: object }[],
) {
  const { image, channel } = canary;
  await put(ledger, keyOf("rollout", { image, channel }), { id: "r1", state: "done", steps: [{ waves: ["rest"] }] });
  for (const old of await query(ledger, below("rolloutTarget", { image, channel }))) await remove(ledger, keyIn(old));
  for (const [n, target] of targets.entries()) {
    const place = { account: BUILD, region: HOME, group: `web-${n}` };
    await put(ledger, keyOf("rolloutTarget", { image, channel, rollout: "r1", ...place }), target);
  }
}
