import { openRetiring } from "./retiring-world.ts";

/** Four builds, ten days apart; two are kept, and the oldest is forty days old. */
export async function openWithBuilds() {
  const world = await openRetiring();
  const old = await world.publish(1);
  await world.pass(10);
  const next = await world.publish(2);
  await world.pass(10);
  const kept = [await world.publish(3)];
  await world.pass(10);
  kept.push(await world.publish(4));
  await world.pass(10);
  return { world, old, next, kept };
}
