import { parseFilter, type RowTest } from "./parse-filter.ts";
import { type Row, timeText, type Value } from "./record.ts";
import { TokenReader } from "./token-reader.ts";

export interface Column {
  readonly name: string;
  readonly field: string;
}

export type Command =
  | { readonly kind: "fields"; readonly columns: readonly Column[] }
  | { readonly kind: "filter"; readonly test: RowTest }
  | { readonly kind: "sort"; readonly by: readonly { readonly field: string; readonly descending: boolean }[] }
  | { readonly kind: "limit"; readonly most: number }
  | { readonly kind: "stats"; readonly aggregates: readonly Aggregate[]; readonly by: readonly Grouping[] };

/**
 * A query's commands in order (CloudWatch Logs user guide, "CloudWatch Logs Insights language query syntax"). Built:
 * fields, filter, sort, limit, and stats with count, sum, avg, min and max, by fields and bin.
 * @throws MalformedQueryException, which names what is not built
 */
export function parseQuery(query: string): Command[] {
  const reader = new TokenReader(query);
  const commands = [command(reader)];
  while (reader.take("|")) commands.push(command(reader));
  reader.requireEnd();
  return commands;
}

function command(reader: TokenReader): Command {
  if (reader.takeWord("fields")) return { kind: "fields", columns: reader.list(() => column(reader)) };
  if (reader.takeWord("filter")) return { kind: "filter", test: parseFilter(reader) };
  if (reader.takeWord("sort")) return { kind: "sort", by: reader.list(() => order(reader)) };
  if (reader.takeWord("limit")) return { kind: "limit", most: reader.number() };
  if (reader.takeWord("stats")) return { kind: "stats", ...parseStats(reader) };
  throw reader.isName() ? reader.notBuilt(`the command ${reader.name()}`) : reader.unexpected();
}

function column(reader: TokenReader): Column {
  const field = reader.name();
  if (reader.is("(")) throw reader.notBuilt(`the function ${field}`);
  return { field, name: reader.takeWord("as") ? reader.name() : field };
}

function order(reader: TokenReader) {
  const field = reader.label();
  const descending = reader.takeWord("desc");
  if (!descending) reader.takeWord("asc");
  return { field, descending };
}

/** One column that `stats` computes from a group's rows. */
interface Aggregate {
  readonly name: string;
  of(rows: readonly Row[]): Value;
}

/** A grouping of rows. */
interface Grouping {
  readonly name: string;
  of(row: Row): Value;
}

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

const numbers = (rows: readonly Row[], field: string): number[] =>
  rows
    .map((row) => row.get(field))
    .filter((value) => value !== undefined && value !== null && value !== "")
    .map(Number)
    .filter((value) => !Number.isNaN(value));

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const FUNCTIONS: Readonly<Record<string, (values: readonly number[]) => Value>> = {
  sum,
  avg: (values) => (values.length === 0 ? undefined : sum(values) / values.length),
  min: (values) => (values.length === 0 ? undefined : values.reduce((one, other) => Math.min(one, other))),
  max: (values) => (values.length === 0 ? undefined : values.reduce((one, other) => Math.max(one, other))),
};

/** `count(*) as lines, max(@duration) by bin(5m), level` */
function parseStats(reader: TokenReader): { aggregates: Aggregate[]; by: Grouping[] } {
  const aggregates = reader.list(() => aggregate(reader));
  return { aggregates, by: reader.takeWord("by") ? reader.list(() => grouping(reader)) : [] };
}

function aggregate(reader: TokenReader): Aggregate {
  const name = reader.name().toLowerCase();
  const combine = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (!combine && name !== "count") throw reader.notBuilt(`the function ${name}`);
  reader.require("(");
  const field = reader.take("*") ? "*" : reader.is(")") ? "" : reader.name();
  reader.require(")");
  const label = reader.takeWord("as") ? reader.name() : `${name}(${field})`;
  if (combine) return { name: label, of: (rows) => combine(numbers(rows, field)) };
  const counts = field === "*" || field === "" ? () => true : (row: Row) => row.get(field) !== undefined;
  return { name: label, of: (rows) => rows.filter(counts).length };
}

function grouping(reader: TokenReader): Grouping {
  const name = reader.name();
  if (!reader.take("(")) return { name: reader.takeWord("as") ? reader.name() : name, of: (row) => row.get(name) };
  if (name !== "bin") throw reader.notBuilt(`the function ${name}`);
  const period = reader.name();
  const [, count, unit = ""] = /^(\d+)(ms|s|m|h|d)$/.exec(period) ?? [];
  if (count === undefined) throw reader.unexpected();
  reader.require(")");
  const ms = Number(count) * (UNIT_MS[unit] ?? 1);
  const of = (row: Row): Value => {
    const at = Date.parse(`${String(row.get("@timestamp")).replace(" ", "T")}Z`);
    return Number.isNaN(at) ? undefined : timeText(Math.floor(at / ms) * ms);
  };
  return { name: reader.takeWord("as") ? reader.name() : `bin(${period})`, of };
}
