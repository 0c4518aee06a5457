import type {
  GetItemCommandInput,
  GetItemCommandOutput,
  QueryCommandInput,
  QueryCommandOutput,
  ScanCommandInput,
  ScanCommandOutput,
} from "@aws-sdk/client-dynamodb";
import { type Call, operation } from "../../engine/operation.ts";
import { countingCapacity } from "./count-capacity.ts";
import { expireItems } from "./expire-items.ts";
import { runDynalite } from "./run-dynalite.ts";
import { onTable, tableName } from "./table-arn.ts";

export const getItem = operation<GetItemCommandInput, GetItemCommandOutput>({
  authorize: ({ TableName }, call) => onTable(call, TableName),
  run: (input, call) => read("GetItem", input, call),
});

export const query = operation<QueryCommandInput, QueryCommandOutput>({
  authorize: ({ TableName, IndexName }, call) => onTable(call, TableName, IndexName),
  run: (input, call) => read("Query", input, call),
});

export const scan = operation<ScanCommandInput, ScanCommandOutput>({
  authorize: ({ TableName, IndexName }, call) => onTable(call, TableName, IndexName),
  run: (input, call) => read("Scan", input, call),
});

async function read<Output>(name: string, input: { TableName: string | undefined }, call: Call): Promise<Output> {
  const table = tableName(input.TableName);
  await expireItems(call, table);
  return countingCapacity(call, table, "Read", input, (asked) => runDynalite(call, name, asked));
}
