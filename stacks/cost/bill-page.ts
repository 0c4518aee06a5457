import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type BilledMonth, billHead, billRows, estimateBill } from "../../core/cost/bill.ts";
import { listPrices } from "../../core/cost/list-prices.ts";
import type { Blueprint } from "../../core/factory/blueprint.ts";
import factory from "../../factory.config.ts";

const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");
const PAGE = "docs/cost.md";
const BEGIN = "<!-- Written by `npm run reference`. Do not edit. -->";
const END = "<!-- The end of what is written. -->";

/** docs/cost.md with the example's bill between its marks. @throws if it has no marks */
export function billPage(page: string): string {
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`${PAGE} has no "${BEGIN}" and "${END}".`);
  const blueprint: Blueprint = JSON.parse(readFileSync(`${root}/blueprint.json`, "utf8"));
  const { idle, busy, assumed, prices } = estimateBill({ blueprint, factory, prices: listPrices });
  const { currency } = prices;
  return [
    `${before}${BEGIN}\n`,
    `**An idle month**: no trigger fires, after a month with builds: ${idle.total.toFixed(2)} ${currency}.\n`,
    ...table(billHead(currency), billRows(idle)),
    "\nWhat costs more than a dollar while idle:\n",
    ...table(["item", currency, "why"], reasonsOf(idle)),
    `\n**The example's month**, with ${busy.builds} builds: ${busy.total.toFixed(2)} ${currency}.\n`,
    ...table(billHead(currency), billRows(busy)),
    "\nAssumed:\n",
    ...assumed.map((one) => `- ${one}`),
    `\n${END}${after}`,
  ].join("\n");
}

const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] =>
  [head, head.map(() => "---"), ...rows].map(row);

const reasonsOf = ({ lines }: BilledMonth): string[][] =>
  [...Map.groupBy(lines, ({ kind }) => kind).values()].flatMap((some) => {
    const amount = some.reduce((sum, one) => sum + one.amount, 0);
    const [first] = some;
    return first && amount > 1 ? [[first.what, amount.toFixed(2), first.why ?? ""]] : [];
  });

const read = (): string => readFileSync(`${root}/${PAGE}`, "utf8");

/** @returns a sentence for the terminal */
export function writeBill(): string {
  writeFileSync(`${root}/${PAGE}`, billPage(read()));
  return `${PAGE} written.`;
}

/** @throws if the checked-in tables differ */
export function checkBill(): string {
  if (read() === billPage(read())) return `${PAGE} is up to date.`;
  throw new Error(`${PAGE} is out of date; run "npm run reference".`);
}
