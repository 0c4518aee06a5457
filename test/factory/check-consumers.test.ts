import { expect, test } from "vitest";
import { defineFactory } from "../../core/factory/define-factory.ts";
import type { FactoryInput } from "../../core/factory/factory-schema.ts";
import { configWith, faultsIn } from "./faults.ts";

const MANAGEMENT = "999988887777";
const KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

const faultsOf = (changes: Partial<FactoryInput>) => faultsIn(() => defineFactory(configWith(changes)));

const organization = { id: "o-exampleorgid", managementAccountId: MANAGEMENT, rootId: "r-exam" };

test("consumers get their role by units, or by the organization's root, and one of them must be known", () => {
  const verify = ["400000000001"];

  const byUnits = faultsOf({ consumers: { verify, organizationalUnits: ["ou-exam-workload"] } });
  const byRoot = faultsOf({ consumers: { verify }, organization });
  const byNothing = faultsOf({ consumers: { verify } });

  expect([byUnits, byRoot]).toEqual([[], []]);
  expect(byNothing).toEqual([
    "consumers.organizationalUnits: expected OUs, or organization.rootId for the whole organization, found neither",
  ]);
});

test("the management account, which StackSets gives no role, and an account twice are refused", () => {
  const consumers = { verify: ["400000000001", "400000000001", MANAGEMENT], canary: { account: MANAGEMENT } };

  const faults = faultsOf({ consumers, organization });

  expect(faults).toEqual([
    'consumers.verify[1]: expected each account once, found "400000000001" again',
    `consumers.verify[2]: expected a member account, found the management account "${MANAGEMENT}", in which StackSets creates no role`,
    `consumers.canary.account: expected a member account, found the management account "${MANAGEMENT}", in which StackSets creates no role`,
  ]);
});

test.each([
  ["a bare id", "1234abcd-12ab-34cd-56ef-1234567890ab"],
  ["aws/ebs", "alias/aws/ebs"],
  ["an alias", "arn:aws:kms:eu-west-1:111122223333:alias/images"],
  ["a multi-Region key", "arn:aws:kms:eu-west-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab"],
])("%s as a given key is refused, saying what would be valid", (_, key) => {
  const faults = faultsOf({ keys: { "eu-west-1": key } });

  expect(faults).toEqual([
    expect.stringMatching(/^keys\.eu-west-1: .*the ARN of a customer managed single-Region key/),
  ]);
  expect(faults[0]).toContain(`"${key}"`);
});

test("a given key is of its region, which is one of the factory's", () => {
  const right = faultsOf({ keys: { "eu-west-1": KEY } });
  const wrong = faultsOf({ keys: { "us-east-1": KEY }, regions: ["eu-west-1", "us-east-1"] });
  const nowhere = faultsOf({ keys: { "eu-west-2": KEY } });

  expect(right).toEqual([]);
  expect(wrong).toEqual([`keys.us-east-1: expected a key in us-east-1, found one in eu-west-1: "${KEY}"`]);
  expect(nowhere).toEqual(['keys.eu-west-2: expected one of the factory\'s regions "eu-west-1", found "eu-west-2"']);
});
