import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  paginateQuery,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import type { Below, Key } from "../../core/ledger/kinds.ts";

/** The ledger's table: one partition per kind of record (`kinds.ts`). */
export interface Ledger {
  readonly documents: DynamoDBDocumentClient;
  readonly table: string;
}

/** Strongly consistent: includes the latest writes of other functions. */
export async function get({ documents, table }: Ledger, key: Key): Promise<Record<string, unknown> | undefined> {
  const { Item } = await documents.send(new GetCommand({ TableName: table, Key: { ...key }, ConsistentRead: true }));
  return Item;
}

/** All items below a prefix in a partition. */
export async function query({ documents, table }: Ledger, { pk, prefix }: Below): Promise<Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = [];
  const pages = paginateQuery(
    { client: documents },
    {
      TableName: table,
      KeyConditionExpression: "pk = :pk AND begins_with(sk, :prefix)",
      ExpressionAttributeValues: { ":pk": pk, ":prefix": prefix },
      ConsistentRead: true,
    },
  );
  for await (const page of pages) items.push(...(page.Items ?? []));
  return items;
}

/** The image at the beginning of a record's sort key. */
export const imageOf = ({ sk }: Record<string, unknown>): string => String(sk).split("#")[0] ?? "";

export const keyIn = ({ pk, sk }: Record<string, unknown>): Key => ({ pk: String(pk), sk: String(sk) });

/** A condition on the present item; if it does not hold, the write changes nothing. */
export interface Condition {
  readonly expression: string;
  readonly values?: Readonly<Record<string, unknown>>;
  readonly names?: Readonly<Record<string, string>>;
}

export const absent: Condition = { expression: "attribute_not_exists(pk)" };
export const present: Condition = { expression: "attribute_exists(pk)" };

/** @returns false where the condition did not hold */
export const put = (ledger: Ledger, key: Key, item: object, condition?: Condition): Promise<boolean> =>
  whetherHeld(
    ledger.documents.send(
      new PutCommand({ TableName: ledger.table, Item: { ...item, ...key }, ...conditionInput(condition) }),
    ),
  );

/**
 * Sets attributes of an item, which is created if it does not exist. @returns false where the condition did not hold
 */
export function set(ledger: Ledger, key: Key, attributes: object, condition?: Condition): Promise<boolean> {
  const entries = Object.entries(attributes).filter(([, value]) => value !== undefined);
  return whetherHeld(
    ledger.documents.send(
      new UpdateCommand({
        TableName: ledger.table,
        Key: { ...key },
        UpdateExpression: `SET ${entries.map((_, n) => `#a${n} = :a${n}`).join(", ")}`,
        ...(condition && { ConditionExpression: condition.expression }),
        ExpressionAttributeNames: {
          ...Object.fromEntries(entries.map(([name], n) => [`#a${n}`, name])),
          ...condition?.names,
        },
        ExpressionAttributeValues: {
          ...Object.fromEntries(entries.map(([, value], n) => [`:a${n}`, value])),
          ...condition?.values,
        },
      }),
    ),
  );
}

/** @returns false where the condition did not hold */
export const remove = (ledger: Ledger, key: Key, condition?: Condition): Promise<boolean> =>
  whetherHeld(
    ledger.documents.send(
      new DeleteCommand({ TableName: ledger.table, Key: { ...key }, ...conditionInput(condition) }),
    ),
  );

const conditionInput = (condition: Condition | undefined) =>
  condition && {
    ConditionExpression: condition.expression,
    ...(condition.values && { ExpressionAttributeValues: condition.values }),
    ...(condition.names && { ExpressionAttributeNames: condition.names }),
  };

async function whetherHeld(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
