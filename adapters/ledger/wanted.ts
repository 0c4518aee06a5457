import { BatchGetCommand } from "@aws-sdk/lib-dynamodb";
import type { Key } from "../../core/ledger/kinds.ts";
import { get, keyIn, type Ledger } from "./table.ts";

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
  return one.parse([await get(ledger, key)]);
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

type Items = ReadonlyMap<string, Record<string, unknown>>;

const parseAll = <Each extends readonly Wanted<unknown>[]>(each: Each, items: Items): Answers<Each> =>
  each.map(({ keys, parse }) => parse(keys.map((key) => items.get(nameOf(key))))) as Answers<Each>;

/** BatchGetItem's limit of keys. */
const MOST_KEYS = 100;

const nameOf = ({ pk, sk }: Key): string => `${pk}\n${sk}`;

async function getMany(ledger: Ledger, each: readonly Wanted<unknown>[]): Promise<Items> {
  // BatchGetItem rejects a key that is named twice.
  const distinct = [...new Map(each.flatMap(({ keys }) => keys.map((key) => [nameOf(key), key] as const))).values()];
  const found = new Map<string, Record<string, unknown>>();
  for (let next = 0; next < distinct.length; next += MOST_KEYS) {
    for (const item of await getBatch(ledger, distinct.slice(next, next + MOST_KEYS))) {
      found.set(nameOf(keyIn(item)), item);
    }
  }
  return found;
}

const TRIES = 10;
const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 2_000;

/** DynamoDB skips keys beyond 16 MB or the table's throughput; they are requested again after a pause. */
async function getBatch({ documents, table }: Ledger, keys: readonly Key[]): Promise<Record<string, unknown>[]> {
  const found: Record<string, unknown>[] = [];
  let left: Record<string, unknown>[] = keys.map((key) => ({ ...key }));
  for (let tries = 1; ; tries++) {
    const RequestItems = { [table]: { Keys: left, ConsistentRead: true } };
    const { Responses, UnprocessedKeys } = await documents.send(new BatchGetCommand({ RequestItems }));
    found.push(...Object.values(Responses ?? {}).flat());
    left = Object.values(UnprocessedKeys ?? {}).flatMap(({ Keys = [] }) => Keys);
    if (left.length === 0) return found;
    if (tries === TRIES) throw new ItemsNotRead(table, left.length);
    const wait = Math.min(FIRST_WAIT_MS * 2 ** (tries - 1), LONGEST_WAIT_MS);
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}

/** DynamoDB keeps skipping keys: the table is throttled. */
class ItemsNotRead extends Error {
  override readonly name = "ItemsNotRead";

  constructor(table: string, left: number) {
    super(`DynamoDB did not return ${left} items of ${table} in ${TRIES} tries. Try again later.`);
  }
}
