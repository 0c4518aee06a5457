import type { Bill, BilledMonth } from "../../core/cost/bill.ts";
import { billHead, billRows } from "../../core/cost/bill-rows.ts";
import { styled } from "../command/print.ts";
import { wrap } from "./draw-estimate.ts";

/** A bill as text, 100 columns wide. */
export const drawBill = ({ prices, idle, busy, assumed, notCounted }: Bill): string =>
  [
    ...drawMonth("Estimated cost of an idle month", idle, prices.currency),
    ...drawMonth(`Estimated cost of a month with ${Math.round(busy.builds)} builds`, busy, prices.currency),
    ...section("Assumed:", assumed),
    ...section("Not included:", notCounted),
    ...wrap(`Prices of ${prices.date}: ${prices.source}`),
  ].join("\n");

function drawMonth(title: string, month: BilledMonth, currency: string): string[] {
  const row = ([service = "", what = "", region = "", used = "", price = "", amount = ""]: readonly string[]): string =>
    [
      service.padEnd(16),
      what.padEnd(28),
      region.padEnd(13),
      used.padStart(9),
      `  ${price}`.padEnd(28),
      amount.padStart(6),
    ].join("");
  const rows = billRows(month);
  return [styled("bold", `${title} in ${currency}`), "", styled("dim", row(billHead(currency))), ...rows.map(row), ""];
}

const section = (title: string, lines: readonly string[]): string[] => [
  title,
  ...lines.flatMap((one) => wrap(`  - ${one}`)),
  "",
];
