import { CloudWatch } from "@aws-sdk/client-cloudwatch";
import { DynamoDB } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { expect, test } from "vitest";
import { createAws } from "../../src/create-aws.ts";
import { allowEverything } from "../../src/engine/authorizer.ts";
import { VirtualClock } from "../../src/engine/clock/virtual-clock.ts";
import { inProcessHandler } from "../../src/in-process-handler.ts";
import { service as dynamodb } from "../../src/services/dynamodb/service.ts";
import { service as monitoring } from "../../src/services/monitoring/service.ts";

const START = Date.UTC(2026, 3, 1, 8);

async function start() {
  const clock = new VirtualClock(START);
  const services = { dynamodb: async () => dynamodb, monitoring: async () => monitoring };
  const aws = createAws({ clock, services, authorizer: allowEverything });
  const options = {
    region: "eu-west-1",
    credentials: { accessKeyId: "111122223333", secretAccessKey: "secret" },
    requestHandler: inProcessHandler(aws),
  };
  const client = new DynamoDB(options);
  await client.createTable({
    TableName: "ledger",
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
    KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
  });
  const metrics = new CloudWatch(options);
  const consumed = async (kind: "Read" | "Write") => {
    const Metric = {
      Namespace: "AWS/DynamoDB",
      MetricName: `Consumed${kind}CapacityUnits`,
      Dimensions: [{ Name: "TableName", Value: "ledger" }],
    };
    const { MetricDataResults } = await metrics.getMetricData({
      StartTime: new Date(START - 3_600_000),
      EndTime: new Date(START + 3_600_000),
      MetricDataQueries: [{ Id: "m0", MetricStat: { Metric, Period: 3600, Stat: "Sum" } }],
    });
    return MetricDataResults?.[0]?.Values;
  };
  return { documents: DynamoDBDocumentClient.from(client), consumed };
}

test("CloudWatch counts the capacity units that a table's reads and writes consume, by size and consistency", async () => {
  const { documents, consumed } = await start();
  const TableName = "ledger";
  const Key = { pk: "a" };

  // 5 KB: five capacity units to write, two to read consistently, one eventually; a missing item costs half of one.
  await documents.send(new PutCommand({ TableName, Item: { ...Key, text: "x".repeat(4900) } }));
  const { ConsumedCapacity } = await documents.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
  await documents.send(new GetCommand({ TableName, Key }));
  await documents.send(new GetCommand({ TableName, Key: { pk: "b" } }));
  const asked = await documents.send(
    new QueryCommand({
      TableName,
      KeyConditionExpression: "pk = :pk",
      ExpressionAttributeValues: { ":pk": "a" },
      ConsistentRead: true,
      ReturnConsumedCapacity: "TOTAL",
    }),
  );

  expect(await consumed("Write")).toEqual([5]);
  expect(await consumed("Read")).toEqual([2 + 1 + 0.5 + 2]);
  expect(ConsumedCapacity).toBeUndefined();
  expect(asked.ConsumedCapacity).toMatchObject({ TableName, CapacityUnits: 2 });
});
