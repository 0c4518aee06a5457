import { setImmediate as turn } from "node:timers/promises";

/** What an invocation goes through, as far as it is not its own doing. */
export interface Fate {
  /** Requests to AWS that it lives to send; the last is carried out, but it hears of it no more. */
  calls: number;
  /** How many of the event loop's turns an answer takes: what else is under way goes on meanwhile. */
  readonly turns: () => number;
}

/** The function's environment ended in the middle of an invocation. */
export class Killed extends Error {
  override readonly name = "Killed";
}

/** A request whose answer comes as late as an invocation's fate says, or not any more. @throws Killed */
export async function undergo(fate: Fate | undefined, carryOut: () => Promise<object>): Promise<object> {
  if (!fate) return carryOut();
  for (let turns = fate.turns(); turns > 0; turns--) await turn();
  if (fate.calls <= 0) throw new Killed();
  fate.calls--;
  const answer = await carryOut();
  if (fate.calls <= 0) throw new Killed();
  return answer;
}
