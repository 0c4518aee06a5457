import { type Bill, type BilledMonth, billHead, billRows, moneyOf as money, usedOf } from "../../core/cost/bill.ts";
import type { CostLine } from "../../core/cost/cost-lines.ts";
import type { Estimate } from "../../core/cost/estimate.ts";
import type { CostKind } from "../../core/cost/items.ts";
import { cut } from "../../core/notice/foreign-text.ts";
import { styled } from "../command/print.ts";

const shown: Readonly<Record<string, readonly CostKind[]>> = {
  instances: ["build-instance", "test-instance"],
  volumes: ["volume"],
  storage: ["snapshots", "repositories"],
  copies: ["copies"],
  promotions: ["transitions"],
};
const shared: Readonly<Record<string, readonly CostKind[]>> = {
  Lambda: ["lambda-requests", "lambda-compute"],
  DynamoDB: ["dynamodb-reads", "dynamodb-writes"],
};

/** An estimate as text, 100 columns wide. */
export function drawEstimate({ month, days, prices, lines, total, saves, notCounted }: Estimate): string {
  const { currency, date, source } = prices;
  return [
    bold(`Estimated cost of ${month} in ${currency}, ${days} days`),
    "",
    ...drawImages(lines),
    ...drawShared(lines),
    `${"total".padEnd(LABEL)}${money(total).padStart(WIDTH - LABEL)}`,
    "",
    ...drawStorage(lines),
    ...(saves ? [`The retirement plan would save ${money(saves.total)} ${currency} a month`, ""] : []),
    "Not included:",
    ...notCounted.flatMap((one) => wrap(`  - ${one}`)),
    "",
    ...wrap(`Prices of ${date}: ${source}`),
  ].join("\n");
}

const LABEL = 20;
const CELL = 11;
const MINUTES = 7;
const WIDTH = LABEL + 2 * MINUTES + 6 * CELL;

function drawImages(lines: readonly CostLine[]): string[] {
  const images = [...new Set(lines.flatMap(({ image }) => image ?? []))].toSorted();
  const unassigned = lines.filter(({ image, kind }) => image === undefined && kind in sharedKinds);
  const rows = [
    ...images.map((image) => [image, lines.filter((line) => line.image === image)] as const),
    ...(unassigned.length > 0 ? [["(no image tag)", unassigned] as const] : []),
  ];
  return [
    dim(
      ["image".padEnd(LABEL), ...["build", "test"].map((text) => text.padStart(MINUTES))].join("") +
        [...Object.keys(shown), "total"].map((text) => text.padStart(CELL)).join(""),
    ),
    ...rows.map(([image, own]) =>
      [
        shorten(image),
        `${minutes(own, "build-instance")}m`.padStart(MINUTES),
        `${minutes(own, "test-instance")}m`.padStart(MINUTES),
        ...Object.values(shown).map((kinds) => money(amountOf(own, kinds)).padStart(CELL)),
        money(amountOf(own)).padStart(CELL),
      ].join(""),
    ),
  ];
}

/** Resources that may lack the tag with the image's name. */
const sharedKinds: Partial<Record<CostKind, true>> = { snapshots: true, copies: true };

const drawShared = (lines: readonly CostLine[]): string[] =>
  Object.entries(shared).flatMap(([name, kinds]) => {
    const own = lines.filter(({ kind }) => kinds.includes(kind));
    if (own.length === 0) return [];
    const said = own.map((line) => `${usedOf(line)} ${line.unit.replace(/^1(,000)+ /, "")}`).join(", ");
    return [`${name.padEnd(LABEL)}${dim(said.padEnd(WIDTH - LABEL - CELL))}${money(amountOf(own)).padStart(CELL)}`];
  });

function drawStorage(lines: readonly CostLine[]): string[] {
  const stored = lines.filter(({ kind }) => kind === "snapshots" || kind === "repositories" || kind === "copies");
  const regions = [...new Set(stored.map(({ region }) => region))].toSorted();
  if (regions.length === 0) return [];
  const row = (cells: readonly string[]) =>
    cells.map((text, n) => (n ? text.padStart(14) : text.padEnd(LABEL))).join("");
  return [
    dim(row(["region", "GiB-months", "storage", "GiB copied to", "copies"])),
    ...regions.map((region) => {
      const own = stored.filter((line) => line.region === region);
      const cells = [shown.storage, shown.copies].flatMap((kinds) => {
        const some = own.filter((line) => kinds?.includes(line.kind));
        return [some.reduce((sum, { quantity }) => sum + quantity, 0).toFixed(2), money(amountOf(some))];
      });
      return row([region, ...cells]);
    }),
    "",
  ];
}

const amountOf = (lines: readonly CostLine[], kinds?: readonly CostKind[]): number =>
  lines.filter(({ kind }) => !kinds || kinds.includes(kind)).reduce((sum, { amount }) => sum + amount, 0);

const minutes = (lines: readonly CostLine[], wanted: CostKind): number =>
  Math.round(lines.reduce((sum, { kind, quantity }) => (kind === wanted ? sum + quantity * 60 : sum), 0));

const shorten = (text: string): string => cut(text, LABEL - 1).padEnd(LABEL);

/** Wraps between words at 100 columns, and indents further lines. */
function wrap(text: string): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/(?<=\S) /)) {
    if (line && line.length + 1 + word.length > 100) {
      lines.push(line);
      line = `    ${word}`;
    } else line = line ? `${line} ${word}` : word;
  }
  return [...lines, line];
}

const bold = (text: string): string => styled("bold", text);
const dim = (text: string): string => styled("dim", text);

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
