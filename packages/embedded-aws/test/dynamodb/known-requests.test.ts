import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { KnownRequests } from "../../src/services/dynamodb/known-requests.ts";

const require = createRequire(import.meta.url);

type Json = Record<string, unknown>;

interface Validations {
  checkTypes(data: Json, types: unknown): Json;
  checkValidations(data: Json, types: unknown, custom: unknown, store: unknown): void;
}

const validations = require("dynalite/validations") as Validations;

function checksOf(operation: string) {
  const name = operation.charAt(0).toLowerCase() + operation.slice(1);
  const { types, custom } = require(`dynalite/validations/${name}`) as { types: unknown; custom: unknown };
  let asked = 0;
  return {
    times: () => asked,
    types: (data: Json) => validations.checkTypes(data, types),
    values: (checked: Json) => {
      asked++;
      validations.checkValidations(checked, types, custom, {});
    },
  };
}

type Request = readonly [operation: string, data: Json];

function outcome(check: () => Json) {
  try {
    return { checked: check() };
  } catch (error) {
    return { refused: (error as { body: unknown }).body };
  }
}

const byDynalite = ([operation, data]: Request) =>
  outcome(() => {
    const { types, values } = checksOf(operation);
    const checked = types(structuredClone(data));
    values(checked);
    return checked;
  });

const text = (S: string) => ({ S });
const key = (pk: string, sk: string) => ({ pk: text(pk), sk: text(sk) });
const get = (Key: Json, more: Json = {}): Request => ["GetItem", { TableName: "ledger", Key, ...more }];
const query = (KeyConditionExpression: string, ExpressionAttributeValues: Json, more: Json = {}): Request => [
  "Query",
  { TableName: "ledger", KeyConditionExpression, ExpressionAttributeValues, ...more },
];
const batch = (...Keys: Json[]): Request => ["BatchGetItem", { RequestItems: { ledger: { Keys } } }];
const BEGINS = "pk = :pk AND begins_with(sk, :sk)";

const requests: readonly Request[] = [
  get(key("a", "b")),
  get(key("c", "d")),
  get(key("c", "")),
  get(key("c", "e".repeat(3_000))),
  get({ pk: text("a"), sk: { N: "1" } }),
  get({ pk: text("a"), sk: { N: "one" } }),
  get({ pk: text("a"), sk: { S: "b", N: "1" } }),
  get({ pk: text("a"), sk: {} }),
  get({ sk: text("b"), pk: text("a") }, { ConsistentRead: true, ProjectionExpression: "status" }),
  get(key("a", "b"), { AttributesToGet: ["x"] }),
  get(key("a", "b"), { TableName: "no" }),
  query(BEGINS, { ":pk": text("a"), ":sk": text("b") }),
  query(BEGINS, { ":pk": text("c"), ":sk": text("d") }),
  query(BEGINS, { ":sk": text("d"), ":pk": text("c") }),
  query(BEGINS, { ":pk": text("c"), ":sk": { N: "1" } }),
  query(BEGINS, { ":pk": text("c"), ":sk": text("d"), ":unused": text("e") }),
  query("pk = :pk AND sk BETWEEN :low AND :high", { ":pk": text("a"), ":low": text("b"), ":high": text("c") }),
  query("pk = :pk AND sk BETWEEN :low AND :high", { ":pk": text("a"), ":low": text("c"), ":high": text("b") }),
  query(":pk = pk", { ":pk": text("a") }, { Limit: 3, ExclusiveStartKey: key("a", "b"), ScanIndexForward: false }),
  query(":pk = pk", { ":pk": text("c") }, { Limit: 3, ExclusiveStartKey: key("c", "d"), ScanIndexForward: false }),
  query("pk = :pk", { ":pk": text("a") }, { Limit: 0 }),
  query(
    "pk = :pk",
    { ":pk": text("a"), ":x": text("y") },
    { FilterExpression: "#x = :x", ExpressionAttributeNames: { "#x": "x" } },
  ),
  query("pk = :pk", { ":pk": text("a") }, { KeyConditions: {} }),
  batch(key("a", "b"), key("c", "d")),
  batch(key("e", "f"), key("g", "h")),
  batch(key("e", "f"), key("e", "f")),
  batch(key("e", "f"), { sk: text("f"), pk: text("e") }),
  ["BatchGetItem", { RequestItems: null }],
  ["PutItem", { TableName: "ledger", Item: { ...key("a", "b"), n: { N: "1" } } }],
];

describe("known requests", () => {
  it("are taken and refused as dynalite alone does, the first time and later", () => {
    const known = new KnownRequests();

    for (const round of [1, 2, 3]) {
      for (const request of requests) {
        const [operation, data] = request;
        const found = outcome(() => known.validated(operation, structuredClone(data), checksOf(operation)));
        expect({ round, request, ...found }).toEqual({ round, request, ...byDynalite(request) });
      }
    }
  });

  it("are checked once, whatever their strings", () => {
    const known = new KnownRequests();
    const checks = checksOf("GetItem");

    for (const one of ["a", "b", "c"]) known.validated(...get(key(one, `${one}${one}`)), checks);

    expect(checks.times()).toBe(1);
  });

  it("are not changed by what an action does to one", () => {
    const known = new KnownRequests();
    const request = query("pk = :pk", { ":pk": text("a") });
    const ask = () => known.validated(...structuredClone(request), checksOf("Query"));

    ask().KeyConditions = "changed";
    ask().KeyConditions = "changed, too";

    expect({ checked: ask() }).toEqual(byDynalite(request));
  });
});
