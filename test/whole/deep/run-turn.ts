import type { Part } from "./parts.ts";
import { type PartResult, runPart } from "./run-part.ts";
import { endsInTime, ordered, type Turn } from "./schedule.ts";

export interface Ran {
  readonly results: readonly PartResult[];
  /** Parts that did not fit into the time. */
  readonly left: readonly Part[];
}

/**
 * Runs parts in the seed's order, one per lane at a time, and starts none that cannot end in time.
 * @param turn without `minutes` all parts run
 * @param hear receives each result as soon as it is available
 */
export async function runTurn(
  parts: readonly Part[],
  turn: Omit<Turn, "minutes"> & { readonly minutes: number | undefined },
  hear: (result: PartResult) => void,
): Promise<Ran> {
  const { seed, lanes, minutes } = turn;
  const queue = minutes === undefined ? [...parts] : ordered(parts, { seed, lanes, minutes });
  const end = performance.now() / 1000 + (minutes ?? Number.POSITIVE_INFINITY) * 60;
  const results: PartResult[] = [];

  const lane = async (): Promise<void> => {
    for (;;) {
      const left = end - performance.now() / 1000;
      const next = queue.findIndex((part) => endsInTime(part, left, slownessOf(results)));
      if (next < 0) return;
      const [part] = queue.splice(next, 1);
      if (!part) return;
      const result = await runPart(part, seed, slownessOf(results));
      results.push(result);
      hear(result);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return { results, left: queue };
}

/** How many times slower this machine is than the recording one, from the parts run so far; at least 1. */
function slownessOf(results: readonly PartResult[]): number {
  const recorded = results.reduce((sum, { part }) => sum + part.seconds, 0);
  const taken = results.reduce((sum, { seconds }) => sum + seconds, 0);
  return recorded > 0 ? Math.max(1, taken / recorded) : 1;
}
