import type { JSONValue } from "@aws-lambda-powertools/commons/types";
import { IdempotencyConfig, makeIdempotent } from "@aws-lambda-powertools/idempotency";
import { DynamoDBPersistenceLayer } from "@aws-lambda-powertools/idempotency/dynamodb";
import type { Context } from "aws-lambda";
import type { Ledger } from "../adapters/ledger/table.ts";
import { writer } from "../adapters/ledger/writer.ts";

/** EventBridge and Lambda retry for up to a day; handled events are remembered for longer. */
const REMEMBERED_SECONDS = 2 * 86_400;

const handledWriter = /* @__PURE__ */ writer("handled");

const stores = new Map<string, DynamoDBPersistenceLayer>();

/** Runs `work` once for `key`; a repeated call returns the first result. A failure removes the key. */
export function onlyOnce<Output>(
  key: string,
  work: () => Promise<Output>,
  { table, documents }: Ledger,
  context: Context,
): Promise<Output> {
  const config = new IdempotencyConfig({ expiresAfterSeconds: REMEMBERED_SECONDS });
  config.registerLambdaContext(context);
  const guarded = makeIdempotent(async (_key: JSONValue) => (await work()) as JSONValue, {
    persistenceStore: storeOf(table, documents),
    config,
  });
  return guarded({ key }) as Promise<Output>;
}

function storeOf(tableName: string, documents: Ledger["documents"]): DynamoDBPersistenceLayer {
  const store =
    stores.get(tableName) ??
    new DynamoDBPersistenceLayer({
      tableName,
      keyAttr: "pk",
      staticPkValue: handledWriter.partition,
      sortKeyAttr: "sk",
      expiryAttr: "expires",
      awsSdkV3Client: documents,
    });
  stores.set(tableName, store);
  return store;
}
