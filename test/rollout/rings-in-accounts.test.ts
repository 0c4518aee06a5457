import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { expect, test } from "vitest";
import { findRing, putRing } from "../../adapters/rollout/rings.ts";
import { ringParameter } from "../../core/names.ts";
import {
  beginRing,
  moveRingEverywhere,
  placeOf,
  type Ring,
  settleRing,
  takeRingBackAt,
} from "../../core/rollout/ring.ts";
import { mirrorChannels } from "../../functions/channel/mirror-channel.ts";
import { writeRing } from "../../functions/rollout/write-ring.ts";
import { consumerRoleOf } from "../../functions/share/consumer-role.ts";
import { type ConsumerWorld, openConsumers } from "../share/consumer-world.ts";
import { HOME, IMAGE, REGIONS } from "../world/factory-of.ts";

const UNIT = "ou-exam-workload";
const BUILD = "400000000001";
const TEST = "400000000002";
const PRODUCTION = "500000000001";
const share = { organizationalUnits: [UNIT] };
const WAVES = ["canary", "rest"];
const canary = { image: IMAGE, channel: "stable", wave: "canary" };

const open = (waves: readonly string[] = WAVES) =>
  openConsumers({ share, deployedTo: [BUILD, TEST, PRODUCTION], waves });

/** Carries out what was asked of mirror-channel, and what that asks. @returns what it was asked */
async function carryOut(world: ConsumerWorld) {
  const done: Record<string, unknown>[] = [];
  for (let next = world.asked.shift(); next; next = world.asked.shift()) {
    if (next.name !== "mirror-channel") continue;
    done.push(next.event);
    await mirrorChannels(next.event as never, world.step());
  }
  return done;
}

/** The channel moved, and whatever follows was done. */
async function moved(world: ConsumerWorld) {
  await mirrorChannels({ image: IMAGE, channel: "stable", all: true }, world.step());
  return carryOut(world);
}

/** The hourly look; `full`: that of a full comparison. */
async function lookAgain(world: ConsumerWorld, full = false) {
  world.asked.length = 0;
  await world.look(full);
  return carryOut(world);
}

async function change(world: ConsumerWorld, to: (ring: Ring) => Ring) {
  const expected = await findRing(world.ledger, canary);
  const put =
    expected && (await putRing(world.ledger, canary, { expected, next: to(expected), now: world.step().now }));
  if (!put) throw new Error("the ring was not as it was read");
  return put;
}

const everywhere = (amis: Readonly<Record<string, string>>) => REGIONS.map((region) => amis[region]);

test("each wave has a parameter in every account that the channel reaches, from the channel's first build on", async () => {
  const world = await open();
  const amis = await world.promote(1);

  const asked = await moved(world);

  expect(asked).toEqual(WAVES.map((wave) => ({ ...canary, wave, all: false })));
  for (const account of [BUILD, TEST, PRODUCTION]) {
    for (const wave of [undefined, ...WAVES]) expect(await world.copies(account, wave)).toEqual(everywhere(amis));
  }
  expect(await lookAgain(world)).toEqual([]);
});

test("a wave that the config has since lately gets its parameter within the hour", async () => {
  const world = await open();
  const amis = await world.promote(1);
  await mirrorChannels({ image: IMAGE, channel: "stable", all: true }, world.step());

  const asked = await lookAgain(world);

  expect(asked).toEqual(WAVES.map((wave) => ({ ...canary, wave, all: false })));
  expect(await world.copies(BUILD, "rest")).toEqual(everywhere(amis));
});

test("the channel moves, and its copies; a ring stays, also after a full comparison", async () => {
  const world = await open();
  const before = await world.promote(1);
  await moved(world);
  const after = await world.promote(2);

  const asked = await moved(world);
  const compared = await lookAgain(world, true);

  expect(asked).toEqual([]);
  expect(compared).toEqual(WAVES.map((wave) => ({ ...canary, wave, all: true })));
  expect(await world.copies(BUILD)).toEqual(everywhere(after));
  expect(await world.copies(BUILD, "canary")).toEqual(everywhere(before));
});

test("a full comparison puts back the ring's own value where somebody else wrote another one", async () => {
  const world = await open();
  const before = await world.promote(1);
  await moved(world);
  const after = await world.promote(2);
  const ssm = world.client(SSMClient, { account: TEST });
  const Name = ringParameter("sharing", IMAGE, "stable", "canary");
  await ssm.send(new PutParameterCommand({ Name, Value: after[HOME]!, DataType: "aws:ec2:image", Overwrite: true }));
  await world.pass(60_000);
  const overwritten = await world.copies(TEST, "canary");

  await lookAgain(world, true);

  expect(overwritten[0]).toBe(after[HOME]);
  expect(await world.copies(TEST, "canary")).toEqual(everywhere(before));
});

test("a roll-out moves one place of a ring, then all; a place that is taken back keeps its AMI", async () => {
  const world = await open();
  const before = await world.promote(1);
  await moved(world);
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
  await change(world, (ring) => takeRingBackAt(ring, [placeOf(TEST, HOME)]));
  const back = await writeRing(first, role, world.step());
  await change(world, settleRing);
  await lookAgain(world, true);

  expect(written).toBe(after[HOME]);
  expect(alone).toEqual([[after[HOME], before["us-east-1"]], everywhere(before), []]);
  expect(all).toEqual([everywhere(after), everywhere(after)]);
  expect(back).toBe(before[HOME]);
  expect(await world.copies(TEST, "canary")).toEqual([before[HOME], after["us-east-1"]]);
  expect(await world.copies(BUILD, "rest")).toEqual(everywhere(before));
});
