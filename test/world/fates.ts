import { setImmediate as turn } from "node:timers/promises";

/** External faults that affect an invocation. */
export interface Fate {
  /** Number of AWS requests before it crashes; the last one takes effect, but its answer is lost. */
  calls: number;
  /** Event loop turns that an answer takes, during which other invocations continue. */
  readonly turns: () => number;
}

/** The function's environment ended during an invocation. */
export class Killed extends Error {
  override readonly name = "Killed";
}

/** A request whose answer is delayed by the invocation's fate, or lost. @throws Killed */
export async function undergo(fate: Fate | undefined, carryOut: () => Promise<object>): Promise<object> {
  if (!fate) return carryOut();
  for (let turns = fate.turns(); turns > 0; turns--) await turn();
  if (fate.calls <= 0) throw new Killed();
  fate.calls--;
  const answer = await carryOut();
  if (fate.calls <= 0) throw new Killed();
  return answer;
}
