import { rolePrincipal } from "embedded-aws";
import { afterAll, beforeAll, expect, test } from "vitest";
import { kinds } from "../../core/ledger/kinds.ts";
import ledgerWrites from "../../stacks/resources/ledger-writes.json" with { type: "json" };
import { type Deployed, startDeployed } from "../world/deployed.ts";

const account = "111122223333";
const region = "eu-west-1";
const TableName = "amint-acme-ledger";
const partitions = [...new Set(Object.values(kinds).map(({ partition }) => partition))].sort();

let factory: Deployed;
beforeAll(async () => {
  factory = await startDeployed();
}, 60_000);
afterAll(() => factory.close());

const keyIn = (pk: string) => ({ pk: { S: pk }, sk: { S: "forged" } });
const writes = {
  PutItem: (pk: string) => ({ TableName, Item: keyIn(pk) }),
  UpdateItem: (pk: string) => ({ TableName, Key: keyIn(pk) }),
  DeleteItem: (pk: string) => ({ TableName, Key: keyIn(pk) }),
};

/** The partitions that an attacker who controls a function can write. */
async function reached(name: string, operation: keyof typeof writes): Promise<string[]> {
  const { aws } = factory.booted;
  const principal = rolePrincipal(`arn:aws:iam::${account}:role/amint-acme-${name}`, "stolen");
  const open: string[] = [];
  for (const pk of partitions) {
    try {
      await aws.call("dynamodb", operation, writes[operation](pk), { principal, region });
      open.push(pk);
    } catch (error) {
      if ((error as { code?: string }).code !== "AccessDeniedException") throw error;
    }
  }
  return open;
}

test.for(Object.entries(ledgerWrites))(
  "an attacker who controls %s writes no other step's records",
  async ([name, own]) => {
    for (const operation of ["PutItem", "UpdateItem", "DeleteItem"] as const) {
      // A function that may not use the operation at all reaches nothing.
      expect([[], own], operation).toContainEqual(await reached(name, operation));
    }
  },
);

test("the public function forges neither an approver's decision, nor the gate's, nor a channel", async () => {
  expect(await reached("answer-slack", "PutItem")).toEqual(["APPROVALS#SLACK", "ROLLBACKS", "SLACK"]);
});

test("what no function writes, only commands do", () => {
  const byFunctions = new Set(Object.values(ledgerWrites).flat());

  expect(partitions.filter((one) => !byFunctions.has(one))).toEqual([
    "APPROVALS#ANSWERS",
    "HOLDS",
    "MIGRATED",
    "WAIVERS",
  ]);
});
