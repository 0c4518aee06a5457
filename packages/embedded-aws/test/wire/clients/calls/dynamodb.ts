import { answered, type FactoryCall, ofService, PRESENT, refused } from "../factory-call.ts";

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
const gone = "400 ResourceNotFoundException: Requested resource not found";

export const DYNAMODB_CALLS: readonly FactoryCall[] = ofService("dynamodb", [
  answered(
    "CreateTable",
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
  ).says({ "TableDescription.TableName": "ledger" }),
  answered("DescribeTable", ledger(), { after: 1 }).says({
    "Table.TableArn": ResourceArn,
    "Table.TableStatus": "ACTIVE",
  }),
  refused("DescribeTable", { TableName: "none" }).with(gone),
  answered("ListTables").says({ TableNames: ["ledger"] }),
  answered("UpdateTable", ledger({ BillingMode: "PAY_PER_REQUEST" })).says({ "TableDescription.TableName": "ledger" }),
  answered("UpdateTimeToLive", ledger({ TimeToLiveSpecification: { Enabled: true, AttributeName: "ends" } })).says({
    "TimeToLiveSpecification.AttributeName": "ends",
  }),
  answered("DescribeTimeToLive", ledger()).says({ "TimeToLiveDescription.AttributeName": "ends" }),
  answered(
    "UpdateContinuousBackups",
    ledger({ PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } }),
  ).says({ "ContinuousBackupsDescription.PointInTimeRecoveryDescription.PointInTimeRecoveryStatus": "ENABLED" }),
  answered("DescribeContinuousBackups", ledger()).says({
    "ContinuousBackupsDescription.ContinuousBackupsStatus": "ENABLED",
  }),
  answered("TagResource", { ResourceArn, Tags: [{ Key: "team", Value: "images" }] }),
  answered("ListTagsOfResource", { ResourceArn }).says({ Tags: [{ Key: "team", Value: "images" }] }),
  answered("UntagResource", { ResourceArn, TagKeys: ["team"] }),
  answered("ListTagsOfResource", { ResourceArn }).says({ Tags: [] }),
  answered("PutItem", ledger({ Item: item, ...once })),
  refused("PutItem", ledger({ Item: item, ...once })).with(
    "400 ConditionalCheckFailedException: The conditional request failed",
  ),
  answered("UpdateItem", ledger({ Key: item, ...update })).says({ "Attributes.status.S": "AVAILABLE" }),
  refused("UpdateItem", ledger({ Key: item, ...update, UpdateExpression: "SET" })).with(
    "400 ValidationException: Invalid UpdateExpression: Syntax error",
  ),
  answered("GetItem", ledger({ Key: item, ConsistentRead: true })).says({ "Item.sk.S": "ACTIVE" }),
  refused("GetItem", { TableName: "none", Key: item }).with(gone),
  refused("GetItem", ledger({ Key: { pk: { S: "IMAGE#a" } } })).with(
    "400 ValidationException: The provided key element does not match the schema",
  ),
  answered("BatchWriteItem", { RequestItems: { ledger: [{ PutRequest: { Item: other } }] } }),
  answered("BatchGetItem", { RequestItems: { ledger: { Keys: [{ pk: other.pk, sk: other.sk }] } } }).says({
    "Responses.ledger.0.n.N": "1.5",
    "Responses.ledger.0.list.L": [{ BOOL: true }, { NULL: true }],
  }),
  answered("Query", ledger(query)).says({ Count: 2, "Items.1.sk.S": "BUILD#1" }),
  refused("Query", ledger({ ...query, KeyConditionExpression: "sk = :p" })).with(
    "400 ValidationException: Query condition missed key schema element: pk",
  ),
  answered("Scan", ledger({ FilterExpression: "attribute_exists(n)" })).says({ Count: 1, ScannedCount: 2 }),
  answered("DeleteItem", ledger({ Key: item, ReturnValues: "ALL_OLD" })).says({ "Attributes.status.S": "AVAILABLE" }),
  answered("DeleteTable", ledger()).says({ "TableDescription.TableName": PRESENT }),
]);
