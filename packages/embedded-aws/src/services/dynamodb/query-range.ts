import type { Bounds, ItemSizes, KeyRange } from "./key-range.ts";

type Item = Readonly<Record<string, unknown>>;

/** A query as dynalite validated it. */
interface Query {
  readonly TableName: string;
  readonly IndexName?: string;
  readonly Limit?: number;
  readonly Select?: string;
  readonly ConsistentRead?: boolean;
  readonly ReturnConsumedCapacity?: string;
  readonly ConditionalOperator?: string;
  readonly AttributesToGet?: unknown;
  readonly QueryFilter?: unknown;
  readonly _filter?: { readonly expression: unknown };
  readonly _projection?: { readonly paths: unknown };
}

interface Table {
  readonly KeySchema: readonly { readonly AttributeName: string }[];
}

type Done = (error: unknown, output?: unknown) => void;

/** The parts of dynalite's database that a query uses. */
export interface Queries {
  itemSize(item: Item, compress?: boolean, addMetaSize?: boolean, rangeKey?: string): number;
  matchesExprFilter(item: Item, expression: unknown): boolean;
  mapPaths(paths: unknown, item: Item): Item;
  queryTable(
    store: { getItemDb(table: string): object },
    table: Table,
    query: Query,
    bounds: Bounds,
    isLocal: boolean,
    fetches: boolean,
    startKeyNames: readonly string[],
    done: Done,
  ): void;
}

/** The most bytes of a page (API reference, `Query`). */
const PAGE_BYTES = 2 ** 20;

/**
 * dynalite's `queryTable` for a table itself: it makes a stream of lazy objects for each query, and reads the whole
 * range; this reads one page. Indexes and filters of the old form are still dynalite's.
 */
export function queryRange(database: Queries): Queries["queryTable"] {
  const { itemSize, matchesExprFilter, mapPaths, queryTable } = database;
  return (store, table, query, bounds, ...rest) => {
    if (query.IndexName !== undefined || query.QueryFilter !== undefined) {
      return queryTable(store, table, query, bounds, ...rest);
    }
    const [, , startKeyNames, done] = rest;
    const { Limit = Number.POSITIVE_INFINITY, ReturnConsumedCapacity = "NONE" } = query;
    const range = table.KeySchema[1]?.AttributeName;
    const counts = ReturnConsumedCapacity !== "NONE";
    const read: Item[] = [];
    let [capacity, size] = [0, 0];
    const measure = (item: unknown): ItemSizes => ({
      consumed: itemSize(item as Item),
      ofPage: itemSize(item as Item, true, true, range),
    });
    for (const [item, sizes] of (store.getItemDb(query.TableName) as KeyRange).within(bounds, measure)) {
      if (read.length >= Limit || size >= PAGE_BYTES) break;
      capacity += sizes.consumed;
      size += sizes.ofPage;
      read.push(item as Item);
    }
    const last = read.length >= Limit || size >= PAGE_BYTES ? read.at(-1) : undefined;
    const { _filter: filter, _projection } = query;
    const found = filter ? read.filter((item) => matchesExprFilter(item, filter.expression)) : read;
    const paths = _projection?.paths ?? query.AttributesToGet;
    const CapacityUnits = Math.ceil(capacity / 4_096) * (query.ConsistentRead ? 1 : 0.5);
    done(null, {
      ScannedCount: read.length,
      ...(last && { LastEvaluatedKey: Object.fromEntries(startKeyNames.map((name) => [name, last[name]])) }),
      Count: found.length,
      ...(query.Select !== "COUNT" && { Items: paths ? found.map((item) => mapPaths(paths, item)) : found }),
      ...(counts && {
        ConsumedCapacity: {
          CapacityUnits,
          TableName: query.TableName,
          ...(ReturnConsumedCapacity === "INDEXES" && { Table: { CapacityUnits } }),
        },
      }),
    });
  };
}
