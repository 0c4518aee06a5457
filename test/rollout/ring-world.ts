import { recordRevocation } from "../../adapters/revocation/revocations.ts";
import { findRing, putRing } from "../../adapters/rollout/rings.ts";
import type { Ring } from "../../core/rollout/ring.ts";
import type { BuildArn } from "../../events/ids.ts";
import { keepRings } from "../../functions/channel/keep-ring.ts";
import { mirrorChannels } from "../../functions/channel/mirror-channel.ts";
import type { ComparedRings } from "../../functions/channel/read-mirrored.ts";
import { type ConsumerWorld, openConsumers } from "../share/consumer-world.ts";
import { IMAGE, REGIONS } from "../world/factory-of.ts";

const UNIT = "ou-exam-workload";
export const BUILD = "400000000001";
export const TEST = "400000000002";
export const PRODUCTION = "500000000001";
export const share = { organizationalUnits: [UNIT] };
export const WAVES = ["canary", "rest"];
export const canary = { image: IMAGE, channel: "stable", wave: "canary" };

export const open = (waves: readonly string[] = WAVES) =>
  openConsumers({ share, deployedTo: [BUILD, TEST, PRODUCTION], waves });

/** Runs the requested invocations of mirror-channel, and those that it requests. @returns the requests */
export async function carryOut(world: ConsumerWorld) {
  const done: Record<string, unknown>[] = [];
  for (let next = world.asked.shift(); next; next = world.asked.shift()) {
    if (next.name !== "mirror-channel") continue;
    done.push(next.event);
    await mirrorChannels(next.event as never, world.step());
  }
  return done;
}

/** Moves the channel, and runs what follows. */
export async function moved(world: ConsumerWorld) {
  await mirrorChannels({ image: IMAGE, channel: "stable", all: true }, world.step());
  return carryOut(world);
}

/** A channel with one build, whose AMIs every copy and every ring has. */
export async function openMoved(waves?: readonly string[]) {
  const world = await open(waves);
  const before = await world.promote(1);
  await moved(world);
  return { world, before };
}

/** The hourly look; `full`: that of a full comparison. */
export async function lookAgain(world: ConsumerWorld, rings?: ComparedRings) {
  world.asked.length = 0;
  await world.look(rings);
  return carryOut(world);
}

export async function change(world: ConsumerWorld, to: (ring: Ring) => Ring) {
  const expected = await findRing(world.ledger, canary);
  const put =
    expected && (await putRing(world.ledger, canary, { expected, next: to(expected), now: world.step().now }));
  if (!put) throw new Error("the ring was not as it was read");
  return put;
}

export const everywhere = (amis: Readonly<Record<string, string>>) => REGIONS.map((region) => amis[region]);

/** The ledger after a revocation, before its event. */
export async function withdraw(world: ConsumerWorld, { build }: { readonly build: BuildArn }) {
  const step = world.step();
  await recordRevocation(world.ledger, build, { by: "ada", reason: "bad", at: step.now.toISOString() });
  await keepRings(canary, step);
}
