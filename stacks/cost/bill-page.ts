import { readFileSync } from "node:fs";
import { type BilledMonth, billHead, billRows, estimateBill } from "../../core/cost/bill.ts";
import { listPrices } from "../../core/cost/list-prices.ts";
import type { Blueprint } from "../../core/factory/blueprint.ts";
import factory from "../../factory.config.ts";
import { type MarkedPage, tableOf } from "../factory/marked-page.ts";

/** docs/cost.md with the example's bill. */
export const billPage: MarkedPage = { path: "docs/cost.md", parts: () => [bill()] };

function bill(): string[] {
  const blueprint: Blueprint = JSON.parse(readFileSync(new URL("../../blueprint.json", import.meta.url), "utf8"));
  const { idle, busy, assumed, prices } = estimateBill({ blueprint, factory, prices: listPrices });
  const { currency } = prices;
  return [
    `**An idle month**: no trigger fires, after a month with builds: ${idle.total.toFixed(2)} ${currency}.\n`,
    ...tableOf(billHead(currency), billRows(idle)),
    "\nWhat costs more than a dollar while idle:\n",
    ...tableOf(["item", currency, "why"], reasonsOf(idle)),
    `\n**The example's month**, with ${busy.builds} builds: ${busy.total.toFixed(2)} ${currency}.\n`,
    ...tableOf(billHead(currency), billRows(busy)),
    "\nAssumed:\n",
    ...assumed.map((one) => `- ${one}`),
  ];
}

const reasonsOf = ({ lines }: BilledMonth): string[][] =>
  [...Map.groupBy(lines, ({ kind }) => kind).values()].flatMap((some) => {
    const amount = some.reduce((sum, one) => sum + one.amount, 0);
    const [first] = some;
    return first && amount > 1 ? [[first.what, amount.toFixed(2), first.why ?? ""]] : [];
  });
