import { expect, test } from "vitest";
import { promotionName } from "../../core/names.ts";
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
