import type * as Sdk from "@aws-sdk/client-dynamodb";
import type {
  AttributeValue,
  ConsumedCapacity,
  DeleteItemCommandInput,
  GetItemCommandOutput,
  PutItemCommandInput,
  QueryCommandInput,
  ReturnConsumedCapacity,
  ScanCommandOutput,
  UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import { AwsError, type Call, type Operations } from "../../engine/operation.ts";
import { recordMetric } from "../monitoring/record-metric.ts";
import { findTable, onItems, onTable, tableName } from "./find-table.ts";
import { inTurn, type Place, runDynalite } from "./run-dynalite.ts";
import { dynamoOf } from "./state.ts";

type ByTable<T> = Record<string, T> | undefined;

const DAY = 86_400_000;

/** Older items are kept: AWS assumes that such a date is a mistake. */
const FIVE_YEARS_SECONDS = 5 * 365 * 86_400;

type Item = Record<string, AttributeValue>;
type Write = PutItemCommandInput | UpdateItemCommandInput | DeleteItemCommandInput;

export const operations = {
  BatchGetItem: {
    authorize: ({ RequestItems = {} }, call) =>
      Object.entries(RequestItems).flatMap(([table, { Keys = [] }]) =>
        onItems(call, table, (hash) => Keys.map((key) => key[hash])),
      ),
    run: (input, call) => runDynalite(call, "BatchGetItem", { ...input, RequestItems: byName(input.RequestItems) }),
  },
  BatchWriteItem: {
    authorize: ({ RequestItems = {} }, call) =>
      Object.entries(RequestItems).flatMap(([table, requests]) =>
        onItems(call, table, (hash) =>
          requests.map(({ PutRequest, DeleteRequest }) => (PutRequest?.Item ?? DeleteRequest?.Key)?.[hash]),
        ),
      ),
    run: (input, call) =>
      inTurn(call, () => runDynalite(call, "BatchWriteItem", { ...input, RequestItems: byName(input.RequestItems) })),
  },
  GetItem: {
    authorize: ({ TableName, Key }, call) => onItems(call, TableName, (hash) => [Key?.[hash]]),
    run: (input, call) => read("GetItem", input, call),
  },
  Query: {
    authorize: (input, call) =>
      onItems(call, input.TableName, (hash) => [partitionAsked(input, hash)], input.IndexName),
    run: (input, call) => read("Query", input, call),
  },
  Scan: {
    authorize: ({ TableName, IndexName }, call) => onTable(call, TableName, IndexName),
    run: (input, call) => read("Scan", input, call),
  },
  PutItem: {
    authorize: ({ TableName, Item }, call) => onItems(call, TableName, (hash) => [Item?.[hash]]),
    run: (input, call) => write("PutItem", input, call, input.Item),
  },
  UpdateItem: {
    authorize: ({ TableName, Key }, call) => onItems(call, TableName, (hash) => [Key?.[hash]]),
    run: (input, call) => write("UpdateItem", input, call, input.Key),
  },
  DeleteItem: {
    authorize: ({ TableName, Key }, call) => onItems(call, TableName, (hash) => [Key?.[hash]]),
    run: (input, call) => write("DeleteItem", input, call, input.Key),
  },
} satisfies Operations<typeof Sdk>;

const EQUALITY = /(#?[\w.-]+)\s*=\s*(:\w+)/g;

/** The partition key value in a query's key condition, which always has one. */
function partitionAsked(input: QueryCommandInput, hash: string): AttributeValue | undefined {
  const { KeyConditionExpression = "", ExpressionAttributeNames = {}, ExpressionAttributeValues = {} } = input;
  const equalities = [...KeyConditionExpression.matchAll(EQUALITY)];
  const [, , value = ""] = equalities.find(([, name = ""]) => (ExpressionAttributeNames[name] ?? name) === hash) ?? [];
  return ExpressionAttributeValues[value] ?? input.KeyConditions?.[hash]?.AttributeValueList?.[0];
}

/** Replaces table ARNs by names. */
const byName = <T>(items: ByTable<T>): ByTable<T> =>
  items && Object.fromEntries(Object.entries(items).map(([table, of]) => [tableName(table), of]));

/**
 * Removes a table's expired items, at most once a day of factory time: AWS only promises "within a few days", so
 * readers must check the date themselves.
 */
async function expireItems(place: Place, name: string): Promise<void> {
  const { aws, account, region } = place;
  const extras = dynamoOf(aws, account, region).tables.get(name);
  if (extras?.timeToLive === undefined || aws.clock.now() - extras.swept < DAY) return;
  extras.swept = aws.clock.now();
  const now = Math.floor(aws.clock.now() / 1000);
  const expired = {
    ExpressionAttributeNames: { "#end": extras.timeToLive },
    ExpressionAttributeValues: { ":now": { N: String(now) }, ":past": { N: String(now - FIVE_YEARS_SECONDS) } },
  };
  const condition = "#end < :now AND #end > :past";
  const { KeySchema = [] } = await findTable(place, name);
  let from: Record<string, AttributeValue> | undefined;
  do {
    const page: ScanCommandOutput = await runDynalite(place, "Scan", {
      TableName: name,
      FilterExpression: condition,
      ExclusiveStartKey: from,
      ...expired,
    });
    for (const item of page.Items ?? []) {
      const Key = Object.fromEntries(KeySchema.map(({ AttributeName = "" }) => [AttributeName, item[AttributeName]]));
      const remove = { TableName: name, Key, ConditionExpression: condition, ...expired };
      await inTurn(place, () => runDynalite(place, "DeleteItem", remove));
    }
    from = page.LastEvaluatedKey;
  } while (from);
}

async function read<Output>(name: string, input: { TableName: string | undefined }, call: Call): Promise<Output> {
  const table = tableName(input.TableName);
  await expireItems(call, table);
  return countingCapacity(call, table, "Read", input, (asked) => runDynalite(call, name, asked));
}

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

/** Adds the item to a failed condition, which dynalite omits (`ReturnValuesOnConditionCheckFailure`). */
async function withItem(error: unknown, call: Call, table: string, keyed: Item | undefined): Promise<unknown> {
  if (!(error instanceof AwsError) || error.code !== "ConditionalCheckFailedException") return error;
  const { KeySchema = [] } = await findTable(call, table);
  const Key = Object.fromEntries(KeySchema.map(({ AttributeName = "" }) => [AttributeName, keyed?.[AttributeName]]));
  const get = { TableName: table, Key, ConsistentRead: true };
  const { Item } = await runDynalite<GetItemCommandOutput>(call, "GetItem", get);
  return Item ? new AwsError(error.code, error.message, { status: 400, cause: error, members: { Item } }) : error;
}

interface Input {
  readonly TableName: string | undefined;
  readonly ReturnConsumedCapacity?: ReturnConsumedCapacity | undefined;
}

/**
 * Runs an operation, and reports its consumed capacity to CloudWatch (DynamoDB developer guide, "DynamoDB metrics and
 * dimensions"). Failed operations count nothing here; in AWS a failed condition does.
 */
async function countingCapacity<Output>(
  { aws, account, region }: Place,
  table: string,
  kind: "Read" | "Write",
  input: Input,
  run: (input: Input) => Promise<Output>,
): Promise<Output> {
  const wanted = input.ReturnConsumedCapacity ?? "NONE";
  const ReturnConsumedCapacity = wanted === "NONE" ? "TOTAL" : wanted;
  const output = await run({ ...input, TableName: table, ReturnConsumedCapacity });
  const { ConsumedCapacity, ...rest } = output as Output & { readonly ConsumedCapacity?: ConsumedCapacity };
  recordMetric(aws, account, region, {
    namespace: "AWS/DynamoDB",
    metricName: `Consumed${kind}CapacityUnits`,
    dimensions: { TableName: table },
    value: ConsumedCapacity?.CapacityUnits ?? 0,
  });
  return wanted === "NONE" ? (rest as Output) : output;
}
