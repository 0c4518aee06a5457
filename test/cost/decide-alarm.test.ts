import { expect, test } from "vitest";
import type { CostLine } from "../../core/cost/cost-lines.ts";
import { decideCostAlarm } from "../../core/cost/decide-alarm.ts";
import type { Estimate } from "../../core/cost/estimate.ts";
import { describeCostExceeded } from "../../core/cost/notice.ts";
import { costExceeded } from "../../events/cost.ts";

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
