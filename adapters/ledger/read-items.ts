import { BatchGetCommand } from "@aws-sdk/lib-dynamodb";
import type { Key } from "../../core/ledger/kinds.ts";
import { TRIES, untilAllDone } from "./batches.ts";
import { get, keyIn, type Ledger } from "./table.ts";

/** Items that were found, by `nameOf` their key. */
export type Items = ReadonlyMap<string, Record<string, unknown>>;

export const nameOf = ({ pk, sk }: Key): string => `${pk}\n${sk}`;

interface Reading {
  readonly keys: readonly Key[];
  /** One item, which a role without BatchGetItem can read, too. */
  readonly single: boolean;
  readonly answer: (items: Items | PromiseLike<Items>) => void;
}

/** Reads that were requested at this moment, and not sent yet; by an environment's own client. */
const gathered = new WeakMap<Ledger["documents"], Map<string, Reading[]>>();

export const readItem = async (ledger: Ledger, key: Key): Promise<Record<string, unknown> | undefined> =>
  (await gather(ledger, [key], true)).get(nameOf(key));

/**
 * Reads items with as few calls as possible: what parallel work requests at the same moment is one BatchGetItem.
 * @throws ItemsNotRead
 */
export const readItems = async (ledger: Ledger, keys: readonly Key[]): Promise<Items> =>
  keys.length === 0 ? new Map() : gather(ledger, keys, false);

function gather(ledger: Ledger, keys: readonly Key[], single: boolean): Promise<Items> {
  const tables = gathered.get(ledger.documents) ?? new Map<string, Reading[]>();
  gathered.set(ledger.documents, tables);
  const readings = tables.get(ledger.table) ?? [];
  tables.set(ledger.table, readings);
  return new Promise((answer) => {
    readings.push({ keys, single, answer });
    if (readings.length > 1) return;
    // Runs after everything that does not wait for AWS.
    process.nextTick(() => {
      tables.delete(ledger.table);
      send(ledger, readings);
    });
  });
}

function send(ledger: Ledger, readings: readonly Reading[]): void {
  if (readings.some(({ single }) => !single)) {
    const items = getMany(
      ledger,
      readings.flatMap((one) => one.keys),
    );
    for (const { answer } of readings) answer(items);
    return;
  }
  const items = new Map<string, Promise<Items>>();
  for (const { keys, answer } of readings) {
    for (const key of keys) {
      const reading = items.get(nameOf(key)) ?? getOne(ledger, key);
      items.set(nameOf(key), reading);
      answer(reading);
    }
  }
}

async function getOne(ledger: Ledger, key: Key): Promise<Items> {
  const item = await get(ledger, key);
  return new Map(item && [[nameOf(key), item]]);
}

/** BatchGetItem's limit of keys. */
const MOST_KEYS = 100;

async function getMany(ledger: Ledger, keys: readonly Key[]): Promise<Items> {
  // BatchGetItem rejects a key that is named twice.
  const distinct = [...new Map(keys.map((key) => [nameOf(key), key])).values()];
  const found = new Map<string, Record<string, unknown>>();
  for (let next = 0; next < distinct.length; next += MOST_KEYS) {
    for (const item of await getBatch(ledger, distinct.slice(next, next + MOST_KEYS))) {
      found.set(nameOf(keyIn(item)), item);
    }
  }
  return found;
}

/** @throws ItemsNotRead */
async function getBatch({ documents, table }: Ledger, keys: readonly Key[]): Promise<Record<string, unknown>[]> {
  const found: Record<string, unknown>[] = [];
  const asked = keys.map((key): Record<string, unknown> => ({ ...key }));
  const left = await untilAllDone(asked, async (Keys) => {
    const RequestItems = { [table]: { Keys, ConsistentRead: true } };
    const { Responses, UnprocessedKeys } = await documents.send(new BatchGetCommand({ RequestItems }));
    found.push(...Object.values(Responses ?? {}).flat());
    return Object.values(UnprocessedKeys ?? {}).flatMap(({ Keys: skipped = [] }) => skipped);
  });
  if (left > 0) throw new ItemsNotRead(table, left);
  return found;
}

/** DynamoDB keeps skipping keys: the table is throttled. */
class ItemsNotRead extends Error {
  override readonly name = "ItemsNotRead";

  constructor(table: string, left: number) {
    super(`DynamoDB did not return ${left} items of ${table} in ${TRIES} tries. Try again later.`);
  }
}
