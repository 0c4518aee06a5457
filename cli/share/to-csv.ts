import type { ShareRow } from "../../core/share/list-shares.ts";

const columns: Readonly<Record<string, (row: ShareRow) => string>> = {
  channel: ({ channel }) => channel,
  build: ({ build }) => build,
  region: ({ region }) => region,
  ami: ({ amiId }) => amiId,
  account: ({ account }) => account,
  name: ({ name }) => name,
  unit: ({ units }) => units.join("/"),
  state: ({ state }) => state,
  by: ({ by }) => by?.kind ?? "",
  by_unit: ({ by }) => (by?.kind === "unit" ? by.id : ""),
  since: ({ since }) => since,
  proof: ({ verified }) => verified?.proof ?? "",
  verified_at: ({ verified }) => verified?.at ?? "",
};

/** CSV (RFC 4180) with a heading and a line for each account, channel and region: all fields quoted, CRLF. */
export function toCsv(image: string, rows: readonly ShareRow[]): string {
  const lines = [
    ["image", ...Object.keys(columns)],
    ...rows.map((row) => [image, ...Object.values(columns).map((field) => field(row))]),
  ];
  return lines.map((fields) => `${fields.map(quote).join(",")}\r\n`).join("");
}

/** Spreadsheets treat text that begins like this as a formula, and account owners choose the names. */
const FORMULA = /^[=+\-@\t\r]/;

export const quote = (field: string): string => `"${FORMULA.test(field) ? "'" : ""}${field.replaceAll('"', '""')}"`;
