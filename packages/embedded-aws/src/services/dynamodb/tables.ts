import type * as Sdk from "@aws-sdk/client-dynamodb";
import type { TableDescription } from "@aws-sdk/client-dynamodb";
import { AwsError } from "../../engine/aws-error.ts";
import type { Operations } from "../../engine/operation.ts";
import { settled } from "./create-table.ts";
import { describeTable, extrasOf, findTable } from "./find-table.ts";
import { runDynalite } from "./run-dynalite.ts";
import { dynamoOf } from "./state.ts";
import { onTable, tableName } from "./table-arn.ts";

export const operations = {
  DescribeTable: {
    authorize: ({ TableName }, call) => onTable(call, TableName),
    run: async ({ TableName }, call) => ({ Table: await findTable(call, TableName) }),
  },
  ListTables: {
    run: (input, call) => runDynalite(call, "ListTables", input),
  },
  UpdateTable: {
    authorize: ({ TableName }, call) => onTable(call, TableName),
    async run({ DeletionProtectionEnabled, SSESpecification, TableClass, ...input }, call) {
      const name = tableName(input.TableName);
      const extras = extrasOf(call, name);
      extras.deletionProtection = DeletionProtectionEnabled ?? extras.deletionProtection;
      extras.tableClass = TableClass ?? extras.tableClass;
      if (SSESpecification) {
        extras.kmsKey = SSESpecification.Enabled
          ? (SSESpecification.KMSMasterKeyId ?? "alias/aws/dynamodb")
          : undefined;
      }
      if (Object.keys(input).length > 1) {
        await runDynalite(call, "UpdateTable", { ...input, TableName: name });
        await settled(call, name);
      }
      return { TableDescription: await findTable(call, name) };
    },
  },
  DeleteTable: {
    authorize: ({ TableName }, call) => onTable(call, TableName),
    async run({ TableName }, call) {
      const name = tableName(TableName);
      const extras = extrasOf(call, name);
      if (extras.deletionProtection) {
        throw new AwsError(
          "ValidationException",
          "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.",
          { status: 400 },
        );
      }
      const answer = await runDynalite<{ TableDescription: TableDescription }>(call, "DeleteTable", {
        TableName: name,
      });
      await settled(call, name);
      const { aws, account, region } = call;
      dynamoOf(aws, account, region).tables.delete(name);
      return { TableDescription: describeTable(answer.TableDescription, extras) };
    },
  },
} satisfies Operations<typeof Sdk>;
