import * as fc from "fast-check";
import { expect } from "vitest";
import { sizeOf } from "../../whole/deep/size.ts";
import { histories } from "./histories.ts";
import { type HistoryWorld, openHistoryWorld } from "./history-world.ts";
import { liveHistory } from "./live-history.ts";

const { runs, seed } = sizeOf({ quick: 50, deep: 5_000 });

/** A world keeps all its history, so a new one starts after this many histories. */
const HISTORIES = 50;

/** Runs random histories. @returns counts of outcomes */
export async function holdRetireRules(): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  let world: HistoryWorld | undefined;
  let lives = 0;
  await fc.assert(
    fc.asyncProperty(histories, async (history) => {
      const first = lives++ % HISTORIES === 0;
      if (!world || first) world = openHistoryWorld();
      const lived = await liveHistory(world, history, { compares: first });
      for (const [what, times] of lived.counts) {
        counts.set(what, (counts.get(what) ?? 0) + times);
      }
      expect(lived.broken).toEqual([]);
    }),
    { numRuns: runs, seed },
  );
  return counts;
}
