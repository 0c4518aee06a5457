import type { ResultField } from "@aws-sdk/client-cloudwatch-logs";
import { EVENT_BYTES, eventId, expireEvents } from "../keep-events.ts";
import type { InsightsQuery, LogGroup } from "../state.ts";
import type { Column, Command } from "./parse-query.ts";
import { EventRow, type Row, type Value } from "./record.ts";

/** Milliseconds since the epoch, both inclusive. */
interface Span {
  readonly from: number;
  readonly to: number;
}

const DEFAULT: readonly Column[] = ["@timestamp", "@message"].map((field) => ({ field, name: field }));

/** Runs a query's commands, one after the other. */
export function runQuery(
  groups: readonly LogGroup[],
  commands: readonly Command[],
  { from, to }: Span,
  { limit, now }: { readonly limit: number; readonly now: number },
): Pick<InsightsQuery, "results" | "statistics"> {
  for (const group of groups) expireEvents(group, now);
  const events = groups.flatMap((group) =>
    [...group.streams.values()].flatMap((stream) =>
      stream.events
        .filter(({ at }) => at >= from && at <= to)
        .map((event) => new EventRow(group, stream, event, Buffer.from(eventId(event)).toString("base64"))),
    ),
  );
  let rows: Row[] = events.sort((one, other) => other.event.at - one.event.at || other.event.number - one.event.number);
  let matched = rows.length;
  const columns: Column[] = [];
  for (const command of commands) {
    rows = step(rows, command, columns);
    if (command.kind === "filter") matched = rows.length;
  }
  const shown = columns.length > 0 ? columns : DEFAULT;
  return {
    results: rows.slice(0, limit).map((row) => toResult(row, shown)),
    statistics: {
      recordsMatched: matched,
      recordsScanned: events.length,
      bytesScanned: events.reduce((sum, { event }) => sum + event.message.length + EVENT_BYTES, 0),
      logGroupsScanned: groups.length,
    },
  };
}

function step(rows: Row[], command: Command, columns: Column[]): Row[] {
  switch (command.kind) {
    case "fields":
      columns.push(...command.columns);
      return rows.map((row) => renamed(row, command.columns));
    case "filter":
      return rows.filter(command.test);
    case "sort":
      return rows.toSorted((one, other) => {
        for (const { field, descending } of command.by) {
          const order = inOrder(one.get(field), other.get(field));
          if (order !== 0) return descending ? -order : order;
        }
        return 0;
      });
    case "limit":
      return rows.slice(0, command.most);
    case "stats": {
      const names = [...command.by, ...command.aggregates].map(({ name }) => name);
      columns.splice(0, columns.length, ...names.map((name) => ({ name, field: name })));
      return grouped(rows, command);
    }
  }
}

/** Later commands can use a field's new name. */
function renamed(row: Row, columns: readonly Column[]): Row {
  const names = new Map(columns.filter(({ name, field }) => name !== field).map(({ name, field }) => [name, field]));
  if (names.size === 0) return row;
  return { pointer: row.pointer, get: (field) => row.get(names.get(field) ?? field) };
}

function grouped(rows: readonly Row[], { aggregates, by }: Extract<Command, { kind: "stats" }>): Row[] {
  const groups = new Map<string, { readonly key: Value[]; readonly rows: Row[] }>();
  for (const row of rows) {
    const key = by.map((one) => one.of(row));
    const id = JSON.stringify(key.map((value) => value ?? null));
    const group = groups.get(id) ?? { key, rows: [] };
    groups.set(id, group);
    group.rows.push(row);
  }
  if (by.length === 0 && groups.size === 0) groups.set("", { key: [], rows: [] });
  return [...groups.values()].map(({ key, rows: own }) => {
    const values = new Map<string, Value>([
      ...by.map(({ name }, n) => [name, key[n]] as const),
      ...aggregates.map((one) => [one.name, one.of(own)] as const),
    ]);
    return { pointer: undefined, get: (field) => values.get(field) };
  });
}

/** Numbers by value, everything else as text; missing values come first. */
function inOrder(one: Value, other: Value): number {
  if (one === undefined || other === undefined) return Number(one !== undefined) - Number(other !== undefined);
  if (typeof one === "number" && typeof other === "number") return one - other;
  return String(one) < String(other) ? -1 : String(one) > String(other) ? 1 : 0;
}

/** Fields without a value are omitted. */
function toResult(row: Row, columns: readonly Column[]): ResultField[] {
  const fields = columns.flatMap(({ name }): ResultField[] => {
    const value = row.get(name);
    return value === undefined || value === null ? [] : [{ field: name, value: String(value) }];
  });
  return row.pointer === undefined ? fields : [...fields, { field: "@ptr", value: row.pointer }];
}
