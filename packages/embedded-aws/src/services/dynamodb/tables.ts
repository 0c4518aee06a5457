import type * as Sdk from "@aws-sdk/client-dynamodb";
import type { CreateTableCommandInput, TableDescription } from "@aws-sdk/client-dynamodb";
import { realTime } from "../../engine/clock/real-time.ts";
import { AwsError, type Call, type Operations } from "../../engine/operation.ts";
import { describeTable, extrasOf, findTable, onTable, partitionKeysOf, tableName } from "./find-table.ts";
import { runDynalite } from "./run-dynalite.ts";
import { dynamoOf, type TableExtras } from "./state.ts";

/** Supported inputs. */
const KNOWN = new Set([
  "AttributeDefinitions",
  "BillingMode",
  "DeletionProtectionEnabled",
  "GlobalSecondaryIndexes",
  "KeySchema",
  "LocalSecondaryIndexes",
  "ProvisionedThroughput",
  "SSESpecification",
  "TableClass",
  "TableName",
  "Tags",
]);

export const operations = {
  CreateTable: {
    authorize: ({ TableName }, call) => onTable(call, TableName),
    async run(input, call) {
      assertKnown(input);
      const { Tags, SSESpecification, TableClass, DeletionProtectionEnabled, ...table } = input;
      const answer = await runDynalite<{ TableDescription: TableDescription }>(call, "CreateTable", table);
      const extras: TableExtras = {
        created: call.aws.clock.now(),
        partitionKeys: partitionKeysOf(input),
        deletionProtection: DeletionProtectionEnabled ?? false,
        kmsKey: SSESpecification?.Enabled ? (SSESpecification.KMSMasterKeyId ?? "alias/aws/dynamodb") : undefined,
        tableClass: TableClass ?? "STANDARD",
        timeToLive: undefined,
        swept: call.aws.clock.now(),
        recovery: undefined,
      };
      const { aws, account, region } = call;
      dynamoOf(aws, account, region).tables.set(input.TableName ?? "", extras);
      await settled(call, input.TableName ?? "");
      if (Tags?.length) await runDynalite(call, "TagResource", { ResourceArn: answer.TableDescription.TableArn, Tags });
      return { TableDescription: describeTable(answer.TableDescription, extras) };
    },
  },
  DescribeTable: {
    authorize: ({ TableName }, call) => onTable(call, TableName),
    run: async ({ TableName }, call) => ({ Table: await findTable(call, TableName) }),
  },
  ListTables: { run: (input, call) => runDynalite(call, "ListTables", input) },
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
  TagResource: {
    authorize: ({ ResourceArn }, call) => onTable(call, ResourceArn),
    async run(input, call) {
      await runDynalite(call, "TagResource", input);
    },
  },
  UntagResource: {
    authorize: ({ ResourceArn }, call) => onTable(call, ResourceArn),
    async run(input, call) {
      await runDynalite(call, "UntagResource", input);
    },
  },
  ListTagsOfResource: {
    authorize: ({ ResourceArn }, call) => onTable(call, ResourceArn),
    run: (input, call) => runDynalite(call, "ListTagsOfResource", input),
  },
} satisfies Operations<typeof Sdk>;

function assertKnown(input: CreateTableCommandInput): void {
  const streamless = { ...input, StreamSpecification: input.StreamSpecification?.StreamEnabled || undefined };
  const unknown = Object.entries(streamless).flatMap(([key, value]) =>
    value !== undefined && !KNOWN.has(key) ? key : [],
  );
  if (unknown.length) {
    throw new AwsError(
      "NotImplemented",
      `dynamodb:CreateTable with ${unknown.join(", ")} is not built in the embedded AWS`,
    );
  }
}

/** Waits until dynalite's table leaves its transitional state, which a timer does a millisecond later. */
async function settled(call: Call, name: string): Promise<void> {
  for (;;) {
    const status = await runDynalite<{ Table: TableDescription }>(call, "DescribeTable", { TableName: name })
      .then(({ Table }) => Table.TableStatus)
      .catch((error: unknown) => {
        if (error instanceof AwsError && error.code === "ResourceNotFoundException") return "GONE";
        throw error;
      });
    if (status === "ACTIVE" || status === "GONE") return;
    await call.aws.clock.hold(realTime(1));
  }
}
