import * as fc from "fast-check";
import { expect, test } from "vitest";
import { readImageState } from "../../adapters/build/image-state.ts";
import { sizeOf } from "../whole/deep/size.ts";
import { liveThrough } from "./way-back/live-through.ts";
import { ends } from "./way-back/promote.ts";
import { brokenRules } from "./way-back/rules.ts";
import { BUILDS, schedules } from "./way-back/schedules.ts";
import { IMAGE, openWay, type World } from "./way-back/world.ts";

const { runs, seed } = sizeOf({ quick: 50, deep: 5_000 });

const REGIONS = ["eu-west-1", "us-east-1"];

/** A world keeps all its history, so a new one starts after this many runs. */
const STORIES = 250;

/** Runs random schedules. @returns how often each kind of work ended with each outcome */
async function holdRules(): Promise<ReadonlyMap<string, number>> {
  const outcomes = new Map<string, number>();
  let world: World | undefined;
  let lives = 0;
  await fc.assert(
    fc.asyncProperty(schedules, async (schedule) => {
      if (!world || lives++ % STORIES === 0) world = await openWay(REGIONS, BUILDS);
      const lived = await liveThrough(world, schedule);
      const count = (key: string) => outcomes.set(key, (outcomes.get(key) ?? 0) + 1);
      for (const { what, end } of lived) count(`${what} ${end}`);
      for (const { behind } of Object.values((await readImageState(world.step().ledger, IMAGE)).channels)) {
        for (const { build } of Object.values(behind ?? {}))
          count(build ? "region kept what it had" : "region has none");
      }
      expect(await brokenRules(world, lived)).toEqual([]);
    }),
    { numRuns: runs, seed },
  );
  return outcomes;
}

/** With this few stories, not every outcome needs to occur. */
const FEW = 500;
/** One of this many schedules leaves a region behind with its former build. */
const MANY = 5_000;

/** All outcomes occurred, or nothing was tried. */
function expectAll(outcomes: ReadonlyMap<string, number>): void {
  if (runs < FEW) return;
  const acts = ["revoke", "restore", "rollback", "astray"].map((what) => `${what} done`);
  const regions = runs < MANY ? [] : ["region kept what it had", "region has none"];
  for (const what of [...ends.map((end) => `promotion ${end}`), ...acts, ...regions, "answer counted"]) {
    expect(outcomes.get(what) ?? 0, `${what}: ${JSON.stringify([...outcomes])}`).toBeGreaterThan(0);
  }
}

test("the factory's rules hold for any interleaving of promotions, approvals, rollbacks, revocations, restorations, crashes and retries", {
  timeout: 1_800_000,
}, async () => {
  expectAll(await holdRules());
});
