import { expect, test } from "vitest";
import { recordGate } from "../../adapters/evidence/evidence.ts";
import { BUILDING, TESTING } from "./rollout-driver.ts";
import { openRollouts } from "./rollout-world.ts";

const waves = [{ name: "canary", accounts: [BUILDING, TESTING], bake: "30m" }, { name: "rest" }];
const urgent = { bake: "5m", waves: [["canary", "rest"]] };

/** The steps of the channel's newest roll-out: waves, and bake time in seconds. */
const stepsOf = (record: { steps: readonly { waves: readonly string[]; bake: number }[] } | undefined) =>
  record?.steps.map((step) => `${step.waves.join("+")} ${step.bake}`);

test("an urgent build is rolled out by the policy's urgent steps; a usual one, and a rollback, by the usual ones", async () => {
  const world = await openRollouts({ rollout: { waves, urgent } });
  const usual = await world.promote(1);
  await world.start();
  const before = await world.record();
  await world.drive();
  const fix = await world.promote(2);
  const decided = { verdict: "passed" as const, reasons: [], decidedAt: "2026-04-01T00:00:00.000Z" };
  await recordGate(world.ledger, fix.build, { ...decided, urgent: { by: "ada", reason: "exploited" } });
  await world.start();
  const fast = await world.record();
  await world.drive();
  await world.point(usual, "rollback");
  await world.point(fix, "rollback");
  await world.start();
  const back = await world.record();

  expect(before?.kind).toBe("normal");
  expect(stepsOf(before)).toEqual(["canary 1800", "canary 1800", "rest 3600"]);
  expect(fast?.kind).toBe("urgent");
  expect(stepsOf(fast)).toEqual(["canary+rest 300", "canary+rest 300"]);
  expect(back?.kind).toBe("normal");
});
