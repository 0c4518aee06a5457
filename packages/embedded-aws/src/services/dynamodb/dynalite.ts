import { createRequire } from "node:module";
import { isDeepStrictEqual } from "node:util";
import { keepExpressions, type Parser } from "./kept-expressions.ts";
import { KeyRange } from "./key-range.ts";
import { KnownRequests } from "./known-requests.ts";
import { type Queries, queryRange } from "./query-range.ts";

/** The parts of dynalite used here; it has no types. */
export interface DynaliteStore {
  readonly tableDb: { awsAccountId: string; awsRegion: string };
  getItemDb(table: string): object;
  getIndexDb(kind: string, table: string, index: string): object;
  getTagDb(table: string): object;
  getTable(name: string, ...rest: unknown[]): void;
}

type Json = Record<string, unknown>;
type Action = (store: DynaliteStore, data: Json, done: (error: unknown, output: unknown) => void) => void;

interface Validations {
  checkTypes(data: Json, types: unknown): Json;
  checkValidations(data: Json, types: unknown, custom: unknown, store: DynaliteStore): void;
}

/** dynalite's error: a status and AWS's JSON. */
export interface DynaliteRefusal {
  readonly statusCode: number;
  readonly body: { readonly __type: string; readonly message?: string; readonly Message?: string };
}

const require = createRequire(import.meta.url);
const loaded = new Map<string, unknown>();

/** Cached by name, because Node would resolve the file again with every call. */
function load<T>(path: string): T {
  const known = loaded.get(path) ?? require(`dynalite/${path}`);
  loaded.set(path, known);
  return known as T;
}

interface Database extends Queries {
  create(options: object): DynaliteStore;
  checkConditional(data: Json, item: Item | undefined): unknown;
}

/**
 * dynalite's database, changed so that conditions compare lists and maps as DynamoDB does, and that expressions are not
 * parsed again and again.
 */
function loadDatabase(): Database {
  const known = loaded.has("db");
  const database = load<Database>("db");
  if (known) return database;
  for (const kind of ["condition", "update", "projection"]) keepExpressions(load<Parser>(`db/${kind}Parser`));
  database.queryTable = queryRange(database);
  const check = database.checkConditional;
  database.checkConditional = (data, item) =>
    check(data, item && withSharedDocuments(item, data.ExpressionAttributeValues as Record<string, Item[string]>));
  return database;
}

/** An empty store for one account and region, whose tables are active at once. */
export function createStore(account: string, region: string): DynaliteStore {
  const store = loadDatabase().create({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  const { getItemDb, getIndexDb, getTagDb } = store;
  const kept = new WeakSet<object>();
  /** dynalite's own reference to a database keeps its locks. */
  const keep = (database: object): object => {
    if (!kept.has(database)) Object.assign(database, new KeyRange());
    kept.add(database);
    return database;
  };
  keep(store.tableDb);
  store.getItemDb = (table) => keep(getItemDb(table));
  store.getIndexDb = (kind, table, index) => keep(getIndexDb(kind, table, index));
  store.getTagDb = (table) => keep(getTagDb(table));
  store.tableDb.awsAccountId = account;
  store.tableDb.awsRegion = region;
  return store;
}

/** Runs one operation on plain JSON, as dynalite's HTTP server would; changes `data`. Rejects with DynaliteRefusal. */
export function actOn(store: DynaliteStore, operation: string, data: Json): Promise<unknown> {
  const name = operation.charAt(0).toLowerCase() + operation.slice(1);
  const validations = load<Validations>("validations");
  const { types, custom } = load<{ types: unknown; custom: unknown }>(`validations/${name}`);
  return new Promise((resolve, reject) => {
    const checked = known.validated(operation, data, {
      types: (given) => validations.checkTypes(given, types),
      values: (given) => validations.checkValidations(given, types, custom, store),
    });
    const actedOn = READS_TABLE.has(operation) ? sharingTables(store) : store;
    load<Action>(`actions/${name}`)(actedOn, checked, (error, output) => (error ? reject(error) : resolve(output)));
  });
}

const known = new KnownRequests();

/** Their actions do not change the table. */
const READS_TABLE = new Set([
  "BatchGetItem",
  "BatchWriteItem",
  "DeleteItem",
  "GetItem",
  "PutItem",
  "Query",
  "UpdateItem",
]);

const sharing = new WeakMap<DynaliteStore, DynaliteStore>();

/** The store for actions that do not change a table: an active one is not copied for each. */
function sharingTables(store: DynaliteStore): DynaliteStore {
  const known = sharing.get(store);
  if (known) return known;
  const getTable: DynaliteStore["getTable"] = (name, ...rest) => {
    const table = (store.tableDb as unknown as KeyRange).share(name) as { readonly TableStatus?: string } | undefined;
    const done = rest.at(-1) as (error: null, table: object) => void;
    if (table?.TableStatus === "ACTIVE") done(null, table);
    else store.getTable(name, ...rest);
  };
  const made = { ...store, getTable };
  sharing.set(store, made);
  return made;
}

export const isRefusal = (error: unknown): error is DynaliteRefusal =>
  typeof error === "object" && error !== null && "statusCode" in error && "body" in error;

/** An attribute's value with its type, such as `{ S: "a" }`. */
type Value = Readonly<Record<string, unknown>>;
type Item = Readonly<Record<string, Value>>;

/**
 * Replaces lists and maps of the item that equal one of a condition's values by that value: dynalite compares lists
 * and maps by identity, DynamoDB by content (DynamoDB API reference, "Condition", EQ).
 */
function withSharedDocuments(item: Item, values: Readonly<Record<string, Value>> | undefined): Item {
  const documents = Object.values(values ?? {}).filter(isDocument);
  if (documents.length === 0) return item;
  const share = (value: Value): Value => {
    if (!isDocument(value)) return value;
    const equal = documents.find((one) => isDeepStrictEqual(one, value));
    if (equal) return equal;
    return Array.isArray(value.L) ? { L: value.L.map(share) } : { M: shareAll(value.M as Item) };
  };
  const shareAll = (all: Item): Item =>
    Object.fromEntries(Object.entries(all).map(([name, one]) => [name, share(one)]));
  return shareAll(item);
}

const isDocument = (value: Value): boolean => "L" in value || "M" in value;
