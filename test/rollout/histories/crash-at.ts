import type { DirectWorld } from "./direct-world.ts";

/** An execution environment ended: its function receives nothing further. */
class Crash extends Error {
  override readonly name = "Crash";
}

interface Crashing {
  /** The call at which it ends. */
  readonly nth: number;
  /** Whether that call still takes effect. */
  readonly carriedOut: boolean;
}

/** Drives a roll-out to its end; one invocation crashes, and is retried, as Step Functions and Lambda do. */
export async function crashAt(
  world: DirectWorld,
  { nth, carriedOut }: Crashing,
  work: () => Promise<unknown>,
): Promise<void> {
  let calls = 0;
  let dead = false;
  world.around(async (_, carryOut) => {
    if (dead) throw new Crash();
    calls++;
    if (calls !== nth) return carryOut();
    dead = true;
    if (carriedOut) await carryOut();
    throw new Crash();
  });
  const again = async (one: () => Promise<unknown>): Promise<void> => {
    try {
      await one();
    } catch (failure) {
      if (!dead) throw failure;
      await world.pass(2_000);
    }
    if (!dead) return;
    // The first invocation's response is lost.
    dead = false;
    await again(one);
  };
  await again(work);
  await again(() => world.drive());
}
