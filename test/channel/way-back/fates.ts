import { Killed } from "../../world/fates.ts";
import type { World } from "./world.ts";

interface TryOptions {
  /** The maximum number of attempts that die; default: unlimited. */
  readonly tries?: number;
  /** Whether to retry again. @throws the error that ends the retries */
  readonly wanted?: () => void;
}

/** Does something as AWS or an operator does: retries it if it crashed, or if its response was lost. */
export type Try = <T>(work: () => Promise<T>, options?: TryOptions) => Promise<T>;

/** The maximum number of crashes of an invocation. */
const DEATHS = 4;
const TRIES = 12;

/**
 * @param killed how often, from 0 to 1, an invocation dies between two of its effects. A quarter as often it is carried
 * out to its end and its answer is lost, so that it is done once more.
 */
export function fatesOf(world: World, dice: () => number, killed: number): Try {
  const later = () => world.step().wait(2000);
  const turns = () => Math.floor(dice() * 4);
  return async (work, { tries = Number.POSITIVE_INFINITY, wanted } = {}) => {
    let unheard = dice() < killed / 4;
    for (let done = 1; ; done++) {
      const dies = (done <= DEATHS || tries < TRIES) && dice() < killed;
      // Most functions make about 20 requests; some make a hundred.
      const calls = dies ? Math.floor(3 * 30 ** dice()) - 3 : Number.POSITIVE_INFINITY;
      const fate = { calls, turns };
      try {
        const answer = await world.fates.run(fate, work);
        if (!unheard && fate.calls > 0) return answer;
        unheard = false;
        if (done >= tries) throw new Killed();
      } catch (error) {
        // Its response to the crash is lost.
        const passing = fate.calls <= 0 || isPassing(error);
        if (done >= Math.min(tries, TRIES) || !passing) throw fate.calls <= 0 ? new Killed() : error;
      }
      await later();
      wanted?.();
    }
  };
}

/** What the state machine, Lambda or the operator retries. */
const isPassing = (error: unknown): boolean =>
  error instanceof Killed ||
  (error instanceof Error &&
    ["ChannelContested", "NotAllUndone", "TooManyUpdates", "RestoredInPart"].includes(error.name));
