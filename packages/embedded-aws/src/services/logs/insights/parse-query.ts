import { parseFilter, type RowTest } from "./parse-filter.ts";
import { type Aggregate, type Grouping, parseStats } from "./parse-stats.ts";
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
