import { CreateTableCommand, type CreateTableCommandInput, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { Ledger } from "../../adapters/ledger/table.ts";

type Options = NonNullable<ConstructorParameters<typeof DynamoDBClient>[0]>;

/** An existing ledger, accessed as functions do. */
export const ledgerOf = (options: Options, table = "ledger"): Ledger => ({
  documents: DynamoDBDocumentClient.from(new DynamoDBClient(options), {
    marshallOptions: { removeUndefinedValues: true },
  }),
  table,
});

export async function makeLedger(options: Options): Promise<Ledger> {
  const ledger = ledgerOf(options);
  await createTable(new DynamoDBClient(options), ledger.table);
  return ledger;
}

export async function createTable(client: DynamoDBClient, table: string): Promise<void> {
  await client.send(new CreateTableCommand(ledgerTable(table)));
}

/** Input that creates an empty ledger table, with the keys of the stack's table (`stacks/resources/lambda-function.ts`). */
const ledgerTable = (TableName: string): CreateTableCommandInput => ({
  TableName,
  BillingMode: "PAY_PER_REQUEST",
  KeySchema: [
    { AttributeName: "pk", KeyType: "HASH" },
    { AttributeName: "sk", KeyType: "RANGE" },
  ],
  AttributeDefinitions: [
    { AttributeName: "pk", AttributeType: "S" },
    { AttributeName: "sk", AttributeType: "S" },
  ],
});
