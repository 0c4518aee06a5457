import { createRequire } from "node:module";
import fc from "fast-check";
import { expect, test } from "vitest";
import { actOn, createStore } from "../../src/services/dynamodb/dynalite.ts";
import { type Queries, queryRange } from "../../src/services/dynamodb/query-range.ts";

const database = createRequire(import.meta.url)("dynalite/db") as Queries;
/** Before `createStore` replaces it. */
const { queryTable: byDynalite } = database;
const byUs = queryRange({ ...database });

const KeySchema = [
  { AttributeName: "pk", KeyType: "HASH" },
  { AttributeName: "sk", KeyType: "RANGE" },
];

async function ledger() {
  const store = createStore("111122223333", "eu-west-1");
  await actOn(store, "CreateTable", {
    TableName: "ledger",
    KeySchema,
    AttributeDefinitions: KeySchema.map(({ AttributeName }) => ({ AttributeName, AttributeType: "S" })),
    BillingMode: "PAY_PER_REQUEST",
  });
  for (const sk of "abcdefgh") {
    const Item = { pk: { S: "one" }, sk: { S: sk }, even: { BOOL: sk < "e" }, text: { S: sk.repeat(300_000) } };
    await expect.poll(() => actOn(store, "PutItem", { TableName: "ledger", Item })).toBeDefined();
  }
  return store;
}

const filter = { expression: { type: "=", args: [["even"], { BOOL: true }] } };
const query = fc.record(
  {
    Limit: fc.integer({ min: 1, max: 10 }),
    Select: fc.constantFrom("COUNT", "ALL_ATTRIBUTES"),
    ConsistentRead: fc.boolean(),
    ReturnConsumedCapacity: fc.constantFrom("NONE", "TOTAL", "INDEXES"),
    _filter: fc.constant(filter),
    _projection: fc.constant({ paths: [["sk"], ["even"]] }),
    AttributesToGet: fc.constant(["text"]),
  },
  { requiredKeys: [] },
);
const bounds = fc.record({ reverse: fc.boolean(), limit: fc.constantFrom(-1, 3, 11) });

test("a page is the one that dynalite answers", async () => {
  const store = await ledger();
  const run = (queryTable: Queries["queryTable"], asked: object, range: object) =>
    new Promise((resolve, reject) => {
      const names = ["pk", "sk"];
      queryTable(
        store,
        { KeySchema },
        { TableName: "ledger", ...asked },
        range,
        false,
        false,
        names,
        (error, output) => (error ? reject(error) : resolve(output)),
      );
    });

  await fc.assert(
    fc.asyncProperty(query, bounds, async (asked, range) => {
      expect(await run(byUs, asked, range)).toEqual(await run(byDynalite, asked, range));
    }),
    { numRuns: 60 },
  );
});
