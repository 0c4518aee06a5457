import { expect, test } from "vitest";
import { isDeep, sizeOf } from "../whole/deep/size.ts";
import { liveHistory } from "./histories/live-history.ts";

const { runs, seed } = sizeOf({ quick: 100, deep: 5_000 });

test("whatever happens meanwhile, no group falls below its minimum, no refresh starts towards a revoked or ungated build, no wave starts before the former has baked, and every roll-out ends or says why not", {
  timeout: 1_800_000,
}, async () => {
  const broken: string[] = [];
  const ends = new Map<string, number>();
  for (let nth = 0; nth < runs && broken.length < 20; nth++) {
    const lived = await liveHistory(seed * 100_000 + nth);
    broken.push(...lived.broken);
    ends.set(lived.state, (ends.get(lived.state) ?? 0) + 1);
  }
  expect(broken).toEqual([]);
  // A hundred histories are too few for all of it to happen.
  if (!isDeep) return;
  for (const state of ["done", "returned", "halted"]) expect(ends.get(state) ?? 0, state).toBeGreaterThan(0);
});
