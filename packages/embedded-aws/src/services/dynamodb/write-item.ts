import type * as Sdk from "@aws-sdk/client-dynamodb";
import type {
  AttributeValue,
  DeleteItemCommandInput,
  GetItemCommandOutput,
  PutItemCommandInput,
  UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import { AwsError } from "../../engine/aws-error.ts";
import type { Call, Operations } from "../../engine/operation.ts";
import { countingCapacity } from "./count-capacity.ts";
import { expireItems } from "./expire-items.ts";
import { findTable } from "./find-table.ts";
import { inTurn, runDynalite } from "./run-dynalite.ts";
import { onTable, tableName } from "./table-arn.ts";

type Item = Record<string, AttributeValue>;
type Write = PutItemCommandInput | UpdateItemCommandInput | DeleteItemCommandInput;

export const operations = {
  PutItem: {
    authorize: ({ TableName }, call) => onTable(call, TableName),
    run: (input, call) => write("PutItem", input, call, input.Item),
  },
  UpdateItem: {
    authorize: ({ TableName }, call) => onTable(call, TableName),
    run: (input, call) => write("UpdateItem", input, call, input.Key),
  },
  DeleteItem: {
    authorize: ({ TableName }, call) => onTable(call, TableName),
    run: (input, call) => write("DeleteItem", input, call, input.Key),
  },
} satisfies Operations<typeof Sdk>;

async function write<Output>(name: string, input: Write, call: Call, keyed: Item | undefined): Promise<Output> {
  const table = tableName(input.TableName);
  await expireItems(call, table);
  return inTurn(call, async () => {
    try {
      return await countingCapacity(call, table, "Write", input, (asked) => runDynalite<Output>(call, name, asked));
    } catch (error) {
      throw input.ReturnValuesOnConditionCheckFailure === "ALL_OLD" ? await withItem(error, call, table, keyed) : error;
    }
  });
}

/** A failed condition with the item that failed it, which dynalite leaves out (`ReturnValuesOnConditionCheckFailure`). */
async function withItem(error: unknown, call: Call, table: string, keyed: Item | undefined): Promise<unknown> {
  if (!(error instanceof AwsError) || error.code !== "ConditionalCheckFailedException") return error;
  const { KeySchema = [] } = await findTable(call, table);
  const Key = Object.fromEntries(KeySchema.map(({ AttributeName = "" }) => [AttributeName, keyed?.[AttributeName]]));
  const get = { TableName: table, Key, ConsistentRead: true };
  const { Item } = await runDynalite<GetItemCommandOutput>(call, "GetItem", get);
  return Item ? new AwsError(error.code, error.message, { status: 400, cause: error, members: { Item } }) : error;
}
