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
  /** Lives on until the oldest is decided so, with the acts of these days. */
  const liveUntil = async (does: string): Promise<void> => {
    for (let day = 0; day < 90 && world.decision(old.build)?.does !== does; day++) await world.live(1);
  };
  return { world, old, next, kept, liveUntil };
}
