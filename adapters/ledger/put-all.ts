import { BatchWriteCommand } from "@aws-sdk/lib-dynamodb";
import type { Key } from "../../core/ledger/kinds.ts";
import type { Ledger } from "./table.ts";

/** BatchWriteItem's limit of items. */
export const MOST_ITEMS = 25;
const TRIES = 10;
const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 2_000;

/**
 * Writes items of a writer's partition, with distinct keys and without conditions, in as few calls as possible. Not a
 * transaction: after a failure some may be written. Beside `writer`, so that only functions that use it load its command.
 * @throws ItemsNotWritten
 */
export async function putAll<Partition extends string>(
  ledger: Ledger,
  { partition }: { readonly partition: Partition },
  items: readonly { readonly key: Key<Partition>; readonly item: object }[],
): Promise<void> {
  const requests = items.map(({ key, item }) => ({ PutRequest: { Item: { ...item, ...key } } }));
  for (let next = 0; next < requests.length; next += MOST_ITEMS) {
    const left = await putBatch(ledger, requests.slice(next, next + MOST_ITEMS));
    if (left > 0) throw new ItemsNotWritten(partition, left);
  }
}

/** DynamoDB skips items beyond the table's throughput; they are requested again after a pause. @returns how many are left */
async function putBatch({ documents, table }: Ledger, requests: readonly object[]): Promise<number> {
  let left = [...requests];
  for (let tries = 1; ; tries++) {
    const { UnprocessedItems } = await documents.send(new BatchWriteCommand({ RequestItems: { [table]: left } }));
    left = Object.values(UnprocessedItems ?? {}).flat();
    if (left.length === 0 || tries === TRIES) return left.length;
    const wait = Math.min(FIRST_WAIT_MS * 2 ** (tries - 1), LONGEST_WAIT_MS);
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}

/** DynamoDB keeps skipping items: the table is throttled. */
class ItemsNotWritten extends Error {
  override readonly name = "ItemsNotWritten";

  constructor(partition: string, left: number) {
    super(`DynamoDB did not write ${left} items of ${partition} in ${TRIES} tries. Try again later.`);
  }
}
