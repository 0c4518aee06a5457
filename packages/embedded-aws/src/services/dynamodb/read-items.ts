import type * as Sdk from "@aws-sdk/client-dynamodb";
import type { Call, Operations } from "../../engine/operation.ts";
import { countingCapacity } from "./count-capacity.ts";
import { expireItems } from "./expire-items.ts";
import { runDynalite } from "./run-dynalite.ts";
import { onTable, tableName } from "./table-arn.ts";

export const operations = {
  GetItem: {
    authorize: ({ TableName }, call) => onTable(call, TableName),
    run: (input, call) => read("GetItem", input, call),
  },
  Query: {
    authorize: ({ TableName, IndexName }, call) => onTable(call, TableName, IndexName),
    run: (input, call) => read("Query", input, call),
  },
  Scan: {
    authorize: ({ TableName, IndexName }, call) => onTable(call, TableName, IndexName),
    run: (input, call) => read("Scan", input, call),
  },
} satisfies Operations<typeof Sdk>;

async function read<Output>(name: string, input: { TableName: string | undefined }, call: Call): Promise<Output> {
  const table = tableName(input.TableName);
  await expireItems(call, table);
  return countingCapacity(call, table, "Read", input, (asked) => runDynalite(call, name, asked));
}
