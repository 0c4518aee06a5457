import { expect, test } from "vitest";
import { planMirror } from "../../core/channel/plan-mirror.ts";
import { findConsumers } from "../../core/organization/consumer-accounts.ts";
import { planGrants } from "../../core/share/auto-scaling-grants.ts";
import { planShareChange } from "../../core/share/parameter-share.ts";
import { planAttributes } from "../../core/share/plan-attributes.ts";
import { type AmiId, parseAmiId } from "../../events/ids.ts";

const PARAMETER = "arn:aws:ssm:eu-west-1:111122223333:parameter/imagebuilder/amint/acme/base/stable";

const older = parseAmiId("ami-00000000000000001");

const newer = parseAmiId("ami-00000000000000002");

const [A, B, C] = ["200000000001", "200000000002", "200000000003"] as const;

const now = new Date("2026-04-01T08:00:00Z");

test("a share is changed to exactly its principals and its one parameter, and not touched if it already has them", () => {
  const other = `${PARAMETER}-of-another-channel`;

  const change = planShareChange({ principals: [A, B], resources: [other] }, [B, C], PARAMETER);

  expect(change).toEqual({
    add: { principals: [C], resources: [PARAMETER] },
    remove: { principals: [A], resources: [other] },
  });
  expect(planShareChange({ principals: [C, B], resources: [PARAMETER] }, [B, C], PARAMETER)).toEqual({
    add: { principals: [], resources: [] },
    remove: { principals: [], resources: [] },
  });
});

const present = { tags: {}, imdsV2: false, protected: false, deprecatedFrom: undefined };

const wanted = { tags: { "amint:image": "base" }, deprecatedFrom: new Date("2026-09-28T08:00:20Z") };

test("an AMI gets what it lacks, and nothing that it has", () => {
  const change = planAttributes(present, wanted, now);
  const after = { ...present, ...wanted, imdsV2: true, protected: true, deprecatedFrom: "2026-09-28T08:00:00.000Z" };

  expect(change).toEqual({
    tags: wanted.tags,
    requireImdsV2: true,
    protect: true,
    deprecateFrom: new Date("2026-09-28T08:00:00Z"),
  });
  expect(planAttributes(after, wanted, now)).toEqual({ tags: {}, requireImdsV2: false, protect: false });
});

test("a deprecation date that has passed is not asked for: EC2 takes dates to come only", () => {
  const past = { ...wanted, deprecatedFrom: new Date(now.getTime() - 60_000) };

  expect(planAttributes(present, past, now)).not.toHaveProperty("deprecateFrom");
});

const mirrored = (account: string, ami: AmiId, failed?: string) => ({
  account,
  amis: { "eu-west-1": ami },
  ...(failed !== undefined && { failed }),
});

const amis = { "eu-west-1": newer };

const pointing = { amisOf: () => amis, isMember: () => true, all: false };

test("copies are written where they are missing, old or failed, and removed where the channel no longer reaches the account", () => {
  const known = [mirrored(A, newer), mirrored(B, older), mirrored(C, newer, "AccessDenied")];

  expect(planMirror(known, { ...pointing, accounts: [A, B, C] }).map(({ account }) => account)).toEqual([B, C]);
  expect(planMirror(known, { ...pointing, accounts: [A, B, C], all: true })).toHaveLength(3);
  expect(planMirror([], { ...pointing, accounts: [B, A] })).toEqual([
    { account: A, put: amis, remove: [] },
    { account: B, put: amis, remove: [] },
  ]);
  expect(planMirror(known, { ...pointing, accounts: [A, C] })[0]).toEqual({
    account: B,
    put: {},
    remove: ["eu-west-1"],
  });
  expect(planMirror([mirrored(A, newer)], { ...pointing, accounts: [A], amisOf: () => ({}) })).toEqual([
    { account: A, put: {}, remove: ["eu-west-1"] },
  ]);
});

test("a region that the channel left is removed, and the others stay", () => {
  const known = [{ account: A, amis: { "eu-west-1": newer, "us-east-1": older } }];

  expect(planMirror(known, { ...pointing, accounts: [A] })).toEqual([{ account: A, put: {}, remove: ["us-east-1"] }]);
});

test("of an account that left the organization nothing is removed, and nothing is remembered", () => {
  const plan = planMirror([mirrored(A, newer)], { ...pointing, accounts: [], isMember: () => false });

  expect(plan).toEqual([{ account: A, put: {}, remove: [] }]);
});

test("grants are made where they lack, account by account, and taken from who is not reached", () => {
  const reached = new Map([
    ["eu-west-1", new Set([B, A])],
    ["us-east-1", new Set([A])],
  ]);
  const grants = new Map([
    [
      "eu-west-1",
      [
        { id: "g-1", account: A },
        { id: "g-2", account: C },
      ],
    ],
    ["us-east-1", []],
  ]);

  expect(planGrants(reached, grants)).toEqual({
    make: [
      { account: A, regions: ["us-east-1"] },
      { account: B, regions: ["eu-west-1"] },
    ],
    revoke: [{ region: "eu-west-1", id: "g-2", account: C }],
  });
});

test("the factory acts in the accounts that a channel reaches and that get its role: neither its own nor the management account", () => {
  const account = (id: string, parent: string, active = true) => ({ id, name: id, parent, active });
  const tree = {
    rootId: "r-exam",
    units: [{ id: "ou-exam-sandbox1", name: "Sandbox", parent: "r-exam" }],
    accounts: [
      account("999988887777", "r-exam"),
      account("111122223333", "r-exam"),
      account(C, "r-exam"),
      account(B, "ou-exam-sandbox1"),
      account(A, "ou-exam-sandbox1", false),
    ],
  };
  const share = { organization: true as const, organizationalUnits: [], accounts: [] };
  const organization = { id: "o-exampleorgid", managementAccountId: "999988887777" };
  const consumers = (organizationalUnits?: string[]) => ({
    verify: [B],
    mirror: true,
    ...(organizationalUnits && { organizationalUnits }),
  });
  const find = (of: ReturnType<typeof consumers> | undefined) =>
    findConsumers(share, tree, { organization, ...(of && { consumers: of }) } as never, "111122223333");

  expect(find(consumers())).toEqual([B, C]);
  expect(find(consumers(["ou-exam-sandbox1"]))).toEqual([B]);
  expect(find(undefined)).toEqual([]);
});
