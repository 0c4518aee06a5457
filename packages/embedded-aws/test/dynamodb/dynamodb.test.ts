import { CreateTableCommand, DynamoDB } from "@aws-sdk/client-dynamodb";
import {
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import { expect, test } from "vitest";
import { createAws } from "../../src/create-aws.ts";
import { allowEverything } from "../../src/engine/authorizer.ts";
import { VirtualClock } from "../../src/engine/clock/virtual-clock.ts";
import type { EmbeddedAws } from "../../src/engine/embedded-aws.ts";
import { inProcessHandler } from "../../src/in-process-handler.ts";
import { service } from "../../src/services/dynamodb/service.ts";
import { containing, expectRefusal } from "../expect-refusal.ts";

const START = Date.UTC(2026, 3, 1, 8);
const DAY = 86_400_000;

function start(account = "111122223333", region = "eu-west-1", shared?: { aws: EmbeddedAws; clock: VirtualClock }) {
  const clock = shared?.clock ?? new VirtualClock(START);
  const services = { dynamodb: async () => service };
  const aws = shared?.aws ?? createAws({ clock, services, authorizer: allowEverything });
  const credentials = { accessKeyId: account, secretAccessKey: "secret" };
  const client = new DynamoDB({ region, credentials, requestHandler: inProcessHandler(aws) });
  return { aws, clock, client, documents: DynamoDBDocumentClient.from(client) };
}

const ledger = {
  TableName: "ledger",
  BillingMode: "PAY_PER_REQUEST",
  DeletionProtectionEnabled: true,
  AttributeDefinitions: [
    { AttributeName: "pk", AttributeType: "S" },
    { AttributeName: "sk", AttributeType: "S" },
  ],
  KeySchema: [
    { AttributeName: "pk", KeyType: "HASH" },
    { AttributeName: "sk", KeyType: "RANGE" },
  ],
} as const;
const createLedger = () => new CreateTableCommand(structuredClone(ledger) as never);

test("a table is active at once, and its dates are factory time", async () => {
  const { client } = start();
  await client.send(createLedger());

  const { Table } = await client.describeTable({ TableName: "ledger" });

  expect(Table).toMatchObject({
    TableStatus: "ACTIVE",
    TableArn: "arn:aws:dynamodb:eu-west-1:111122223333:table/ledger",
    CreationDateTime: new Date(START),
    DeletionProtectionEnabled: true,
  });
});

test("items come back as they were put, bytes, sets and an attribute named like a type included", async () => {
  const { client, documents } = start();
  await client.send(createLedger());
  const item = {
    pk: "build#1",
    sk: "evidence",
    count: 3,
    B: "not binary",
    bytes: new Uint8Array([1, 2, 3]),
    regions: new Set(["eu-west-1", "us-east-1"]),
    nested: { list: [1, { deep: new Uint8Array([9]) }], none: null, yes: true },
  };

  await documents.send(new PutCommand({ TableName: "ledger", Item: item }));
  const found = await documents.send(new GetCommand({ TableName: "ledger", Key: { pk: "build#1", sk: "evidence" } }));

  expect(found.Item).toEqual(item);
});

test("a failed condition returns the item on request", async () => {
  const { client, documents } = start();
  await client.send(createLedger());
  await documents.send(new PutCommand({ TableName: "ledger", Item: { pk: "a", sk: "b", status: "COMPLETED" } }));

  await expect(
    documents.send(
      new PutCommand({
        TableName: "ledger",
        Item: { pk: "a", sk: "b", status: "INPROGRESS" },
        ConditionExpression: "attribute_not_exists(pk)",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      }),
    ),
  ).rejects.toMatchObject({
    name: "ConditionalCheckFailedException",
    message: "The conditional request failed",
    Item: { pk: { S: "a" }, sk: { S: "b" }, status: { S: "COMPLETED" } },
  });
});

test("a condition compares lists and maps by content, and lists by order", async () => {
  const { client, documents } = start();
  await client.send(createLedger());
  const Key = { pk: "a", sk: "b" };
  const said = { reasons: [{ rule: "cve", ids: ["1", "2"] }], by: { name: "ada" } };
  await documents.send(new PutCommand({ TableName: "ledger", Item: { ...Key, said, seen: ["x", "y"] } }));
  const removed = (condition: string, value: unknown) =>
    documents.send(
      new DeleteCommand({
        TableName: "ledger",
        Key,
        ConditionExpression: condition,
        ExpressionAttributeValues: { ":value": value },
      }),
    );

  for (const [condition, value] of [
    ["seen = :value", ["y", "x"]],
    ["seen = :value", ["x"]],
    ["said = :value", { ...said, by: { name: "grace" } }],
    ["said.reasons = :value", []],
    ["seen <> :value", ["x", "y"]],
  ] as const) {
    await expectRefusal(removed(condition, value), "ConditionalCheckFailedException");
  }
  await removed("said = :value", { by: { name: "ada" }, reasons: said.reasons });
  expect((await documents.send(new GetCommand({ TableName: "ledger", Key }))).Item).toBeUndefined();
});

test("two racing conditional writes leave one winner, and the loser sees the winner's item", async () => {
  const { client, documents } = start();
  await client.send(createLedger());
  const write = (by: string) =>
    documents.send(
      new PutCommand({
        TableName: "ledger",
        Item: { pk: "lock", sk: "lock", by },
        ConditionExpression: "attribute_not_exists(pk)",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      }),
    );

  const [first, second] = await Promise.allSettled([write("one"), write("two")]);

  expect(first.status).toBe("fulfilled");
  expect(second).toMatchObject({ status: "rejected", reason: { Item: { by: { S: "one" } } } });
});

test("updates and queries follow their expressions", async () => {
  const { client, documents } = start();
  await client.send(createLedger());
  for (const sk of ["b#1", "b#2", "c#1"]) {
    await documents.send(new PutCommand({ TableName: "ledger", Item: { pk: "image", sk } }));
  }
  await documents.send(
    new UpdateCommand({
      TableName: "ledger",
      Key: { pk: "image", sk: "b#2" },
      UpdateExpression: "SET #n = if_not_exists(#n, :zero) + :one",
      ExpressionAttributeNames: { "#n": "count" },
      ExpressionAttributeValues: { ":zero": 0, ":one": 1 },
    }),
  );

  const { Items } = await documents.send(
    new QueryCommand({
      TableName: "ledger",
      KeyConditionExpression: "pk = :pk AND begins_with(sk, :b)",
      ExpressionAttributeValues: { ":pk": "image", ":b": "b#" },
      ScanIndexForward: false,
    }),
  );

  expect(Items).toEqual([
    { pk: "image", sk: "b#2", count: 1 },
    { pk: "image", sk: "b#1" },
  ]);
});

test("items past their time to live are removed a day later, others stay", async () => {
  const { client, documents, clock } = start();
  await client.send(createLedger());
  const TimeToLiveSpecification = { Enabled: true, AttributeName: "expires" };
  await client.updateTimeToLive({ TableName: "ledger", TimeToLiveSpecification });
  const expires = START / 1000 + 3600;
  await documents.send(new PutCommand({ TableName: "ledger", Item: { pk: "a", sk: "old", expires } }));
  await documents.send(new PutCommand({ TableName: "ledger", Item: { pk: "a", sk: "kept" } }));

  await clock.runUntil(START + 2 * DAY);
  const { Items } = await documents.send(
    new QueryCommand({
      TableName: "ledger",
      KeyConditionExpression: "pk = :pk",
      ExpressionAttributeValues: { ":pk": "a" },
    }),
  );

  expect(Items).toEqual([{ pk: "a", sk: "kept" }]);
});

test("accounts and regions do not see each other's tables", async () => {
  const here = start();
  const there = start("111122223333", "us-east-1", here);
  await here.client.send(createLedger());

  await expectRefusal(there.client.describeTable({ TableName: "ledger" }), "ResourceNotFoundException");
});

test("a protected table cannot be deleted until its protection is disabled", async () => {
  const { client } = start();
  await client.send(createLedger());

  await expectRefusal(
    client.deleteTable({ TableName: "ledger" }),
    "ValidationException",
    containing("protected against deletion"),
  );
  await client.updateTable({ TableName: "ledger", DeletionProtectionEnabled: false });
  await client.deleteTable({ TableName: "ledger" });

  await expectRefusal(client.describeTable({ TableName: "ledger" }), "ResourceNotFoundException");
});

test.each([
  ["has its earliest time", {}, 1, { EarliestRestorableDateTime: new Date(START) }],
  [
    "covers the requested number of days",
    { RecoveryPeriodInDays: 7 },
    30,
    { RecoveryPeriodInDays: 7, EarliestRestorableDateTime: new Date(START + 23 * DAY) },
  ],
])("point-in-time recovery %s", async (_, more, days, expected) => {
  const { client, clock } = start();
  await client.send(createLedger());
  const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true, ...more };
  await client.updateContinuousBackups({ TableName: "ledger", PointInTimeRecoverySpecification });

  await clock.runUntil(START + days * DAY);
  const { ContinuousBackupsDescription } = await client.describeContinuousBackups({ TableName: "ledger" });

  const enabled = { PointInTimeRecoveryStatus: "ENABLED", ...expected };
  expect(ContinuousBackupsDescription?.PointInTimeRecoveryDescription).toMatchObject(enabled);
});

test("transactions are not built, and say so", async () => {
  const { client } = start();

  await expectRefusal(client.transactWriteItems({ TransactItems: [] }), "NotImplemented");
});
