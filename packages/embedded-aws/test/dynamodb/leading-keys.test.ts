import { expect, test } from "vitest";
import { policyAuthorizer } from "../../src/authorization/policy-authorizer.ts";
import { createAws } from "../../src/create-aws.ts";
import { VirtualClock } from "../../src/engine/clock/virtual-clock.ts";
import { accountPrincipal } from "../../src/engine/principal.ts";
import { makeRole } from "../policy.ts";

const account = "111122223333";
const region = "eu-west-1";
const table = `arn:aws:dynamodb:${region}:${account}:table/ledger`;
const S = (text: string) => ({ S: text });
const item = (pk: string, sk = "one") => ({ pk: S(pk), sk: S(sk), team: S(pk) });
const TableName = "ledger";

/** A table with an index, and a role that may do everything with two of its partitions. */
async function open() {
  const aws = createAws({ clock: new VirtualClock(Date.UTC(2026, 3, 1)), authorizer: policyAuthorizer() });
  const owner = { principal: accountPrincipal(account), region };
  const own = (service: string, operation: string, input: object) => aws.call(service, operation, input, owner);
  const names = ["pk", "sk", "team"];
  await own("dynamodb", "CreateTable", {
    TableName,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: names.map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
    KeySchema: [
      { AttributeName: "pk", KeyType: "HASH" },
      { AttributeName: "sk", KeyType: "RANGE" },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: "by-team",
        KeySchema: [{ AttributeName: "team", KeyType: "HASH" }],
        Projection: { ProjectionType: "ALL" },
      },
    ],
  });
  const may = {
    Effect: "Allow",
    Action: "dynamodb:*",
    Resource: [table, `${table}/index/*`],
    Condition: {
      "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["CHANNELS", "HISTORY"] },
      Null: { "dynamodb:LeadingKeys": "false" },
    },
  };
  const step = { principal: await makeRole(aws, account, "step", { AWS: account }, may), region };
  return async (operation: string, input: object): Promise<string> => {
    try {
      await aws.call("dynamodb", operation, input, step);
      return "done";
    } catch (error) {
      return (error as { code?: string }).code ?? String(error);
    }
  };
}

const query = (pk: string, KeyConditionExpression = "pk = :pk AND begins_with(sk, :sk)") => ({
  TableName,
  KeyConditionExpression,
  ExpressionAttributeValues: { ":pk": S(pk), ...(KeyConditionExpression.includes(":sk") && { ":sk": S("o") }) },
});
const Key = (pk: string) => ({ pk: S(pk), sk: S("one") });
const asked: readonly (readonly [string, (pk: string) => object])[] = [
  ["PutItem", (pk) => ({ TableName, Item: item(pk) })],
  ["PutItem", (pk) => ({ TableName: table, Item: item(pk) })],
  ["GetItem", (pk) => ({ TableName, Key: Key(pk) })],
  ["UpdateItem", (pk) => ({ TableName, Key: Key(pk) })],
  ["DeleteItem", (pk) => ({ TableName, Key: Key(pk) })],
  ["Query", (pk) => query(pk)],
  [
    "Query",
    (pk) => ({
      TableName,
      KeyConditionExpression: "begins_with(#s, :s) AND #p=:p",
      ExpressionAttributeNames: { "#p": "pk", "#s": "sk" },
      ExpressionAttributeValues: { ":p": S(pk), ":s": S("o") },
    }),
  ],
  ["Query", (pk) => ({ ...query(pk, "team = :pk"), IndexName: "by-team" })],
  ["BatchGetItem", (pk) => ({ RequestItems: { ledger: { Keys: [Key("HISTORY"), Key(pk)] } } })],
  [
    "BatchWriteItem",
    (pk) => ({
      RequestItems: { ledger: [{ PutRequest: { Item: item("HISTORY") } }, { DeleteRequest: { Key: Key(pk) } }] },
    }),
  ],
];

test("a role that is held to partitions reaches no other, by any operation", async () => {
  const ask = await open();

  const answers = [];
  for (const [operation, input] of asked) {
    answers.push([operation, await ask(operation, input("CHANNELS")), await ask(operation, input("GATE"))]);
  }

  expect(answers).toEqual(asked.map(([operation]) => [operation, "done", "AccessDeniedException"]));
});

test("a Scan has no partition key, so a condition that requires one denies it", async () => {
  const ask = await open();

  expect(await ask("Scan", { TableName })).toBe("AccessDeniedException");
});
