import type * as Sdk from "@aws-sdk/client-dynamodb";
import type { Operations } from "../../engine/operation.ts";
import { inTurn, runDynalite } from "./run-dynalite.ts";
import { onTable, tableName } from "./table-arn.ts";

type ByTable<T> = Record<string, T> | undefined;

/** Tables by name: a request may name them by ARN. */
const byName = <T>(items: ByTable<T>): ByTable<T> =>
  items && Object.fromEntries(Object.entries(items).map(([table, of]) => [tableName(table), of]));

export const operations = {
  BatchGetItem: {
    authorize: ({ RequestItems = {} }, call) => Object.keys(RequestItems).flatMap((table) => onTable(call, table)),
    run: (input, call) => runDynalite(call, "BatchGetItem", { ...input, RequestItems: byName(input.RequestItems) }),
  },
  BatchWriteItem: {
    authorize: ({ RequestItems = {} }, call) => Object.keys(RequestItems).flatMap((table) => onTable(call, table)),
    run: (input, call) =>
      inTurn(call, () => runDynalite(call, "BatchWriteItem", { ...input, RequestItems: byName(input.RequestItems) })),
  },
} satisfies Operations<typeof Sdk>;
