import type * as z from "zod";
import type { costExceeded } from "../../events/cost.ts";
import type { Estimate } from "./estimate.ts";

/** The event's detail if a month's estimate exceeds the threshold, in the estimate's currency; undefined if it does not. */
export function decideCostAlarm(
  { month, total, lines, prices }: Estimate,
  alarm: number,
): z.output<typeof costExceeded.detail> | undefined {
  if (total <= alarm) return undefined;
  const parts = [...Map.groupBy(lines, ({ image }) => image ?? "the factory")].map(([of, some]) => ({
    of,
    amount: some.reduce((sum, { amount }) => sum + amount, 0),
  }));
  return {
    month,
    estimated: total,
    alarm,
    currency: prices.currency,
    pricesOf: prices.date,
    parts: parts.toSorted((a, b) => b.amount - a.amount),
  };
}
