import type { CreateTableCommandInput } from "@aws-sdk/client-dynamodb";

/** What makes an empty table for a ledger, with the keys that the stack's own has (`stacks/resources/lambda-function.ts`). */
export const ledgerTable = (TableName: string): CreateTableCommandInput => ({
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
