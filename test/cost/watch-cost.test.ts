import { expect, test } from "vitest";
import type { CostLine } from "../../core/cost/cost-lines.ts";
import { decideCostAlarm } from "../../core/cost/decide-alarm.ts";
import type { Estimate } from "../../core/cost/estimate.ts";
import { describeCostExceeded } from "../../core/cost/notice.ts";
import { promotionName } from "../../core/names.ts";
import { costExceeded } from "../../events/cost.ts";
import factory from "../../factory.config.ts";
import { watchCost } from "../../functions/cost/watch-cost.ts";
import { type Scenario, startScenario } from "../world/scenario.ts";
import { HOUR } from "../world/time.ts";

/** The function's arguments, on the embedded AWS, with a threshold. */
const stepOf = ({ step }: Scenario, monthlyAlarm: number, now: Date) =>
  step({
    factory: { ...factory, cost: { monthlyAlarm } },
    env: { PROMOTION_ARN: `arn:aws:states:eu-west-1:111122223333:stateMachine:${promotionName(factory.name)}` },
    now,
  });

test("a month above its threshold is reported once, with its parts; the next month again", async () => {
  const world = await startScenario();
  await world.request("ubuntu-2404-base");
  await world.pass(3 * HOUR);
  const inApril = new Date("2026-04-30T05:00:00Z");
  const onTheFirst = new Date("2026-05-01T05:00:00Z");

  const below = await watchCost(stepOf(world, 50, inApril));
  // The last day of a month is looked at on the first of the next.
  const above = await watchCost(stepOf(world, 0.05, onTheFirst));
  const again = await watchCost(stepOf(world, 0.05, onTheFirst));
  const inMay = await watchCost(stepOf(world, 0.001, new Date("2026-05-20T05:00:00Z")));
  await world.pass(0);

  expect([below, above, again, inMay].map(({ told }) => told)).toEqual([false, true, false, true]);
  const said = world.said("cost.exceeded");
  expect(said.map(({ month }) => month)).toEqual(["2026-04", "2026-05"]);
  expect(said[0]).toMatchObject({ alarm: 0.05, currency: "USD", pricesOf: "2025-06-30" });
  expect(said[0]?.parts).toContainEqual({ of: "ubuntu-2404-base", amount: expect.any(Number) });
});

test("uncountable items are not zero: below the threshold the check fails, above it the notice is sent", {
  tags: "deep",
}, async () => {
  const world = await startScenario();
  await world.request("ubuntu-2404-base");
  await world.pass(3 * HOUR);
  const inApril = new Date("2026-04-30T05:00:00Z");
  const lost = (step: ReturnType<typeof stepOf>) => ({
    ...step,
    settings: { ...step.settings, env: { PROMOTION_ARN: "arn:aws:states:eu-west-1:111122223333:stateMachine:gone" } },
  });

  const failing = watchCost(lost(stepOf(world, 50, inApril)));

  await expect(failing).rejects.toThrow(/Unknown whether 2026-04 costs more .* Step Functions: AWS answered/);
  expect(await watchCost(lost(stepOf(world, 0.05, inApril)))).toEqual({ told: true });
});

const line = (image: string | undefined, amount: number): CostLine => ({
  kind: "snapshots",
  ...(image && { image }),
  region: "eu-west-1",
  quantity: amount,
  unit: "GiB-month",
  price: 1,
  amount,
});

const estimate = (lines: readonly CostLine[]): Estimate => ({
  estimate: true,
  month: "2026-04",
  days: "30 of 30",
  prices: { source: "a test", date: "2026-01-01", currency: "CHF" },
  lines,
  total: lines.reduce((sum, { amount }) => sum + amount, 0),
  notCounted: [],
});

test("a month at its threshold raises no alarm; one above it does, with its parts, the most expensive first", () => {
  const lines = [line("web", 10), line("base", 20), line("base", 15), line(undefined, 5)];

  const at = decideCostAlarm(estimate(lines), 50);
  const above = decideCostAlarm(estimate(lines), 49.9);

  expect(at).toBeUndefined();
  expect(costExceeded.detail.parse(above)).toEqual({
    month: "2026-04",
    estimated: 50,
    alarm: 49.9,
    currency: "CHF",
    pricesOf: "2026-01-01",
    parts: [
      { of: "base", amount: 35 },
      { of: "web", amount: 10 },
      { of: "the factory", amount: 5 },
    ],
  });
});

test("the notice has the estimate with its ten largest parts, and the number of others", () => {
  const lines = Array.from({ length: 12 }, (_, n) => line(`image-${n}`, n === 0 ? 0.001 : n));
  const exceeded = decideCostAlarm(estimate(lines), 1);

  const notice = exceeded && describeCostExceeded(exceeded);

  expect(notice?.title).toBe("Estimated cost of 2026-04 is 66.00 CHF so far, above the threshold of 1");
  expect(notice?.lines[0]).toBe("image-11: 11.00 CHF");
  expect(notice?.lines).toContain("... and 2 more");
  expect(notice?.lines.join("\n")).toContain("This is an estimate with prices of 2026-01-01, not a bill.");
  expect(notice?.nextSteps).toEqual(["amint cost --month 2026-04"]);
});
