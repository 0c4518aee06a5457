import type { BilledMonth } from "./bill.ts";
import type { CostLine } from "./cost-lines.ts";
import { itemOf } from "./items.ts";

/** Amounts that would round to 0.00 are shown as `<0.01`. */
export const moneyOf = (amount: number): string => (amount > 0 && amount < 0.005 ? "<0.01" : amount.toFixed(2));

/** How many of a unit, without the thousands that its price is for. */
export function usedOf({ kind, quantity }: Pick<CostLine, "kind" | "quantity">): string {
  const count = quantity * (itemOf(kind).per ?? 1);
  return count >= 100 || Number.isInteger(count) ? Math.round(count).toLocaleString("en") : count.toFixed(2);
}

export const billHead = (currency: string): readonly string[] => [
  "service",
  "item",
  "region",
  "used",
  "price",
  currency,
];

/** The cells of a month's table, below `billHead`. */
export const billRows = ({ lines, total }: BilledMonth): readonly (readonly string[])[] => [
  ...lines.map((line) => {
    const { service, what, region, amount } = line;
    return [service, what, region, usedOf(line), priceOf(line), moneyOf(amount)];
  }),
  ["total", "", "", "", "", moneyOf(total)],
];

function priceOf({ kind, what, unit, price }: BilledMonth["lines"][number]): string {
  const { per = 1 } = itemOf(kind);
  const exact = String(Number(price.toPrecision(5)));
  const text = /\.\d\d/.test(exact) ? exact : price.toFixed(2);
  if (per > 1) return `${text} per ${per.toLocaleString("en")}`;
  // The item's name has the instance type.
  return what === unit ? text : `${text} per ${unit.replace(/ of .*/, "")}`;
}
