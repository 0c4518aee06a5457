import type { Key } from "../../core/ledger/kinds.ts";
import { type Items, nameOf, readItem, readItems } from "./read-items.ts";
import type { Ledger } from "./table.ts";

type Item = Record<string, unknown> | undefined;

/** Ledger items to read, mostly one, and how to parse them; a missing item has a meaning, too. */
export interface Wanted<Found> {
  readonly keys: readonly Key[];
  /** @param items in the order of the keys */
  readonly parse: (items: readonly Item[]) => Found;
}

/** The value, or undefined where the item is missing. */
export const wanted = <Found>(key: Key, schema: { parse: (item: unknown) => Found }): Wanted<Found | undefined> => ({
  keys: [key],
  parse: ([item]) => item && schema.parse(item),
});

/** A value derived from an item; `derive` may throw. */
export const derived = <Found, Derived>(
  { keys, parse }: Wanted<Found>,
  derive: (found: Found) => Derived,
): Wanted<Derived> => ({ keys, parse: (items) => derive(parse(items)) });

/** A value derived from two. */
export const both = <One, Other, Derived>(
  one: Wanted<One>,
  other: Wanted<Other>,
  derive: (one: One, other: Other) => Derived,
): Wanted<Derived> => ({
  keys: [...one.keys, ...other.keys],
  parse: (items) => derive(one.parse(items.slice(0, one.keys.length)), other.parse(items.slice(one.keys.length))),
});

/** Several values, in their order. */
export const together = <Found>(some: readonly Wanted<Found>[]): Wanted<Found[]> => ({
  keys: some.flatMap(({ keys }) => keys),
  parse: (items) => {
    const left = [...items];
    return some.map(({ keys, parse }) => parse(left.splice(0, keys.length)));
  },
});

/** Parsed when it is called, so that errors come in order. */
export const later = <Found>({ keys, parse }: Wanted<Found>): Wanted<() => Found> => ({
  keys,
  parse: (items) => () => parse(items),
});

export async function read<Found>(ledger: Ledger, one: Wanted<Found>): Promise<Found> {
  const [key, ...more] = one.keys;
  if (!key || more.length > 0) return (await readTogether(ledger, [one]))[0] as Found;
  return one.parse([await readItem(ledger, key)]);
}

/** The parsed values, in the order of the queries. */
export type Answers<Each extends readonly Wanted<unknown>[]> = {
  -readonly [N in keyof Each]: Each[N] extends Wanted<infer One> ? One : never;
};

/**
 * Reads items of any partitions in as few calls as possible; results in the order of the queries. Reads are strongly
 * consistent but not a snapshot: a concurrent write may show in one item and not in another, as with separate calls
 * (DynamoDB API reference, BatchGetItem).
 * @throws ItemsNotRead
 */
export async function readTogether<const Each extends readonly Wanted<unknown>[]>(
  ledger: Ledger,
  each: Each,
): Promise<Answers<Each>> {
  return parseAll(each, await getMany(ledger, each));
}

/**
 * Reads the same items for each of several things, together.
 * @throws ItemsNotRead
 */
export async function readEach<One, const Each extends readonly Wanted<unknown>[]>(
  ledger: Ledger,
  all: Iterable<One>,
  wantedOf: (one: One) => Each,
): Promise<ReadonlyMap<One, Answers<Each>>> {
  const each = [...new Set(all)].map((one) => [one, wantedOf(one)] as const);
  const items = await getMany(
    ledger,
    each.flatMap(([, some]) => some),
  );
  return new Map(each.map(([one, some]) => [one, parseAll(some, items)]));
}

const parseAll = <Each extends readonly Wanted<unknown>[]>(each: Each, items: Items): Answers<Each> =>
  each.map(({ keys, parse }) => parse(keys.map((key) => items.get(nameOf(key))))) as Answers<Each>;

const getMany = (ledger: Ledger, each: readonly Wanted<unknown>[]): Promise<Items> =>
  readItems(
    ledger,
    each.flatMap(({ keys }) => keys),
  );
