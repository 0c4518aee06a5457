import { BatchWriteCommand } from "@aws-sdk/lib-dynamodb";
import type { Key } from "../../core/ledger/kinds.ts";
import { TRIES, untilAllDone } from "./batches.ts";
import type { Ledger } from "./table.ts";

/** BatchWriteItem's limit of items. */
export const MOST_ITEMS = 25;

/**
 * Writes items of a writer's partition, with distinct keys and without conditions, in as few calls as possible. Not a
 * transaction: after a failure some may be written. Beside `writer`, so that only functions that use it load its command.
 * @throws ItemsNotWritten
 */
export async function putAll<Partition extends string>(
  { documents, table }: Ledger,
  { partition }: { readonly partition: Partition },
  items: readonly { readonly key: Key<Partition>; readonly item: object }[],
): Promise<void> {
  const requests = items.map(({ key, item }) => ({ PutRequest: { Item: { ...item, ...key } } }));
  for (let next = 0; next < requests.length; next += MOST_ITEMS) {
    const left = await untilAllDone<object>(requests.slice(next, next + MOST_ITEMS), async (some) => {
      const { UnprocessedItems } = await documents.send(new BatchWriteCommand({ RequestItems: { [table]: some } }));
      return Object.values(UnprocessedItems ?? {}).flat();
    });
    if (left > 0) throw new ItemsNotWritten(partition, left);
  }
}

/** DynamoDB keeps skipping items: the table is throttled. */
class ItemsNotWritten extends Error {
  override readonly name = "ItemsNotWritten";

  constructor(partition: string, left: number) {
    super(`DynamoDB did not write ${left} items of ${partition} in ${TRIES} tries. Try again later.`);
  }
}
