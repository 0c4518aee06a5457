import type * as Sdk from "@aws-sdk/client-dynamodb";
import type { CreateTableCommandInput, TableDescription } from "@aws-sdk/client-dynamodb";
import { AwsError } from "../../engine/aws-error.ts";
import { realTime } from "../../engine/clock/real-time.ts";
import type { Call, Operations } from "../../engine/operation.ts";
import { describeTable } from "./find-table.ts";
import { runDynalite } from "./run-dynalite.ts";
import { dynamoOf, type TableExtras } from "./state.ts";
import { onTable } from "./table-arn.ts";

/** What dynalite or we understand of a table. */
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
        deletionProtection: DeletionProtectionEnabled ?? false,
        kmsKey: SSESpecification?.Enabled ? (SSESpecification.KMSMasterKeyId ?? "alias/aws/dynamodb") : undefined,
        tableClass: TableClass ?? "STANDARD",
        timeToLive: undefined,
        swept: call.aws.clock.now(),
        recoverableFrom: undefined,
      };
      const { aws, account, region } = call;
      dynamoOf(aws, account, region).tables.set(input.TableName ?? "", extras);
      await settled(call, input.TableName ?? "");
      if (Tags?.length) await runDynalite(call, "TagResource", { ResourceArn: answer.TableDescription.TableArn, Tags });
      return { TableDescription: describeTable(answer.TableDescription, extras) };
    },
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

/** Waits until dynalite's table has left its passing state: it does so by a timer of its own, a millisecond later. */
export async function settled(call: Call, name: string): Promise<void> {
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
