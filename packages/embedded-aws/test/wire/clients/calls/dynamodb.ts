import { answered, type FactoryCall, PRESENT, refused } from "../factory-call.ts";

const ledger = (more: object = {}) => ({ TableName: "ledger", ...more });
const ResourceArn = "arn:aws:dynamodb:eu-west-1:111122223333:table/ledger";
const item = { pk: { S: "IMAGE#a" }, sk: { S: "ACTIVE" } };
const other = {
  pk: { S: "IMAGE#a" },
  sk: { S: "BUILD#1" },
  n: { N: "1.5" },
  list: { L: [{ BOOL: true }, { NULL: true }] },
};
const once = { ConditionExpression: "attribute_not_exists(pk)" };
const query = { KeyConditionExpression: "pk = :p", ExpressionAttributeValues: { ":p": { S: "IMAGE#a" } } };
const update = {
  UpdateExpression: "SET #s = :s",
  ExpressionAttributeNames: { "#s": "status" },
  ExpressionAttributeValues: { ":s": { S: "AVAILABLE" } },
  ReturnValues: "ALL_NEW",
};
const gone = { code: "ResourceNotFoundException", status: 400, message: "Requested resource not found" };

export const DYNAMODB_CALLS: readonly FactoryCall[] = [
  answered(
    "dynamodb:CreateTable",
    ledger({
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
      AttributeDefinitions: [
        { AttributeName: "pk", AttributeType: "S" },
        { AttributeName: "sk", AttributeType: "S" },
      ],
      BillingMode: "PAY_PER_REQUEST",
    }),
    { "TableDescription.TableName": "ledger" },
  ),
  answered(
    "dynamodb:DescribeTable",
    ledger(),
    { "Table.TableArn": ResourceArn, "Table.TableStatus": "ACTIVE" },
    { after: 1 },
  ),
  refused("dynamodb:DescribeTable", { TableName: "none" }, gone),
  answered("dynamodb:ListTables", {}, { TableNames: ["ledger"] }),
  answered("dynamodb:UpdateTable", ledger({ BillingMode: "PAY_PER_REQUEST" }), {
    "TableDescription.TableName": "ledger",
  }),
  answered("dynamodb:UpdateTimeToLive", ledger({ TimeToLiveSpecification: { Enabled: true, AttributeName: "ends" } }), {
    "TimeToLiveSpecification.AttributeName": "ends",
  }),
  answered("dynamodb:DescribeTimeToLive", ledger(), { "TimeToLiveDescription.AttributeName": "ends" }),
  answered(
    "dynamodb:UpdateContinuousBackups",
    ledger({ PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } }),
    { "ContinuousBackupsDescription.PointInTimeRecoveryDescription.PointInTimeRecoveryStatus": "ENABLED" },
  ),
  answered("dynamodb:DescribeContinuousBackups", ledger(), {
    "ContinuousBackupsDescription.ContinuousBackupsStatus": "ENABLED",
  }),
  answered("dynamodb:TagResource", { ResourceArn, Tags: [{ Key: "team", Value: "images" }] }),
  answered("dynamodb:ListTagsOfResource", { ResourceArn }, { Tags: [{ Key: "team", Value: "images" }] }),
  answered("dynamodb:UntagResource", { ResourceArn, TagKeys: ["team"] }),
  answered("dynamodb:ListTagsOfResource", { ResourceArn }, { Tags: [] }),
  answered("dynamodb:PutItem", ledger({ Item: item, ...once })),
  refused("dynamodb:PutItem", ledger({ Item: item, ...once }), {
    code: "ConditionalCheckFailedException",
    status: 400,
    message: "The conditional request failed",
  }),
  answered("dynamodb:UpdateItem", ledger({ Key: item, ...update }), { "Attributes.status.S": "AVAILABLE" }),
  refused("dynamodb:UpdateItem", ledger({ Key: item, ...update, UpdateExpression: "SET" }), {
    code: "ValidationException",
    status: 400,
    message: "Invalid UpdateExpression: Syntax error",
  }),
  answered("dynamodb:GetItem", ledger({ Key: item, ConsistentRead: true }), { "Item.sk.S": "ACTIVE" }),
  refused("dynamodb:GetItem", { TableName: "none", Key: item }, gone),
  refused("dynamodb:GetItem", ledger({ Key: { pk: { S: "IMAGE#a" } } }), {
    code: "ValidationException",
    status: 400,
    message: "The provided key element does not match the schema",
  }),
  answered("dynamodb:BatchWriteItem", { RequestItems: { ledger: [{ PutRequest: { Item: other } }] } }),
  answered(
    "dynamodb:BatchGetItem",
    { RequestItems: { ledger: { Keys: [{ pk: other.pk, sk: other.sk }] } } },
    {
      "Responses.ledger.0.n.N": "1.5",
      "Responses.ledger.0.list.L": [{ BOOL: true }, { NULL: true }],
    },
  ),
  answered("dynamodb:Query", ledger(query), { Count: 2, "Items.1.sk.S": "BUILD#1" }),
  refused("dynamodb:Query", ledger({ ...query, KeyConditionExpression: "sk = :p" }), {
    code: "ValidationException",
    status: 400,
    message: "Query condition missed key schema element: pk",
  }),
  answered("dynamodb:Scan", ledger({ FilterExpression: "attribute_exists(n)" }), { Count: 1, ScannedCount: 2 }),
  answered("dynamodb:DeleteItem", ledger({ Key: item, ReturnValues: "ALL_OLD" }), {
    "Attributes.status.S": "AVAILABLE",
  }),
  answered("dynamodb:DeleteTable", ledger(), { "TableDescription.TableName": PRESENT }),
];
