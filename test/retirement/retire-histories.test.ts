import * as fc from "fast-check";
import { expect, test } from "vitest";
import { isDeep, sizeOf } from "../whole/deep/size.ts";
import { histories } from "./histories/histories.ts";
import { type HistoryWorld, openHistoryWorld } from "./histories/history-world.ts";
import { liveHistory } from "./histories/live-history.ts";

const { runs, seed } = sizeOf({ quick: 50, deep: 5_000 });

/** A world keeps all its history, so a new one starts after this many histories. */
const HISTORIES = 50;

/** Runs random histories. @returns counts of outcomes */
async function holdRetireRules(): Promise<ReadonlyMap<string, number>> {
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

test("in random histories of ageing builds, no build in use is retired, and all others eventually are", {
  timeout: 3_600_000,
}, async () => {
  const counts = await holdRetireRules();

  // Fifty histories are too few for all of it to happen.
  if (!isDeep) return;
  const seen = [
    ...["withdrawn", "disabled", "deregistered", "given back", "use by others", "use by the factory"],
    ...[
      "share done",
      "revoke done",
      "restore done",
      "rollback done",
      "promote done",
      "in the middle of a run",
      "run failed",
    ],
  ];
  for (const what of seen) expect(counts.get(what) ?? 0, `${what}: ${JSON.stringify([...counts])}`).toBeGreaterThan(0);
});
