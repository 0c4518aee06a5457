import type { Key } from "../../core/ledger/kinds.ts";
import { type Items, nameOf, readItem, readItems } from "./read-items.ts";
import type { Ledger } from "./table.ts";

type Item = Record<string, unknown> | undefined;

/** Ledger items to read, mostly one, and how to parse them; a missing item has a meaning, too. */
export interface LedgerRead<Found> {
  readonly keys: readonly Key[];
  /** @param items in the order of the keys */
  readonly parse: (items: readonly Item[]) => Found;
}

/** The value, or undefined where the item is missing. */
export const itemRead = <Found>(
  key: Key,
  schema: { parse: (item: unknown) => Found },
): LedgerRead<Found | undefined> => ({
  keys: [key],
  parse: ([item]) => item && schema.parse(item),
});

/** A value derived from an item; `derive` may throw. */
export const mapRead = <Found, Derived>(
  { keys, parse }: LedgerRead<Found>,
  derive: (found: Found) => Derived,
): LedgerRead<Derived> => ({ keys, parse: (items) => derive(parse(items)) });

/** A value derived from two. */
export const combineReads = <One, Other, Derived>(
  one: LedgerRead<One>,
  other: LedgerRead<Other>,
  derive: (one: One, other: Other) => Derived,
): LedgerRead<Derived> => ({
  keys: [...one.keys, ...other.keys],
  parse: (items) => derive(one.parse(items.slice(0, one.keys.length)), other.parse(items.slice(one.keys.length))),
});

/** Several values, in their order. */
export const listRead = <Found>(some: readonly LedgerRead<Found>[]): LedgerRead<Found[]> => ({
  keys: some.flatMap(({ keys }) => keys),
  parse: (items) => {
    const left = [...items];
    return some.map(({ keys, parse }) => parse(left.splice(0, keys.length)));
  },
});

/** Parsed when it is called, so that errors come in order. */
export const lazyRead = <Found>({ keys, parse }: LedgerRead<Found>): LedgerRead<() => Found> => ({
  keys,
  parse: (items) => () => parse(items),
});

export async function read<Found>(ledger: Ledger, one: LedgerRead<Found>): Promise<Found> {
  const [key, ...more] = one.keys;
  if (!key || more.length > 0) return (await readBatch(ledger, [one]))[0] as Found;
  return one.parse([await readItem(ledger, key)]);
}

/** The parsed values, in the order of the queries. */
export type ReadResults<Each extends readonly LedgerRead<unknown>[]> = {
  -readonly [N in keyof Each]: Each[N] extends LedgerRead<infer One> ? One : never;
};

/**
 * Reads items of any partitions in as few calls as possible; results in the order of the queries. Reads are strongly
 * consistent but not a snapshot: a concurrent write may show in one item and not in another, as with separate calls
 * (DynamoDB API reference, BatchGetItem).
 * @throws ItemsNotRead
 */
export async function readBatch<const Each extends readonly LedgerRead<unknown>[]>(
  ledger: Ledger,
  each: Each,
): Promise<ReadResults<Each>> {
  return parseAll(each, await getMany(ledger, each));
}

/**
 * Reads the same items for each of several things, together.
 * @throws ItemsNotRead
 */
export async function readBatchOf<One, const Each extends readonly LedgerRead<unknown>[]>(
  ledger: Ledger,
  all: Iterable<One>,
  readsOf: (one: One) => Each,
): Promise<ReadonlyMap<One, ReadResults<Each>>> {
  const each = [...new Set(all)].map((one) => [one, readsOf(one)] as const);
  const items = await getMany(
    ledger,
    each.flatMap(([, some]) => some),
  );
  return new Map(each.map(([one, some]) => [one, parseAll(some, items)]));
}

const parseAll = <Each extends readonly LedgerRead<unknown>[]>(each: Each, items: Items): ReadResults<Each> =>
  each.map(({ keys, parse }) => parse(keys.map((key) => items.get(nameOf(key))))) as ReadResults<Each>;

const getMany = (ledger: Ledger, each: readonly LedgerRead<unknown>[]): Promise<Items> =>
  readItems(
    ledger,
    each.flatMap(({ keys }) => keys),
  );
