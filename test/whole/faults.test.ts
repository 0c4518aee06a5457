// @module-tag deep
import { expect, test } from "vitest";
import { sizeOf } from "./deep/size.ts";
import { liveThrough, troubles } from "./faults.ts";
import { brokenRules } from "./faults-rules.ts";

const { runs, seed: first } = sizeOf({ quick: 1, deep: 50 });
const seeds = Array.from({ length: runs }, (_, index) => first + index);

test.each(seeds)("the factory's rules hold after the faults of seed %i", async (seed) => {
  const plan = troubles(seed);

  const after = await liveThrough(plan);

  expect(brokenRules(after)).toEqual([]);
});
