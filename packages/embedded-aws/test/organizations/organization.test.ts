import {
  Organizations,
  paginateListAccounts,
  paginateListAccountsForParent,
  paginateListOrganizationalUnitsForParent,
} from "@aws-sdk/client-organizations";
import { expect, test } from "vitest";
import { createAws } from "../../src/create-aws.ts";
import { allowEverything } from "../../src/engine/authorizer.ts";
import { VirtualClock } from "../../src/engine/clock/virtual-clock.ts";
import type { EmbeddedAws } from "../../src/engine/embedded-aws.ts";
import { inProcessHandler } from "../../src/in-process-handler.ts";
import { type OrganizationSeed, seedOrganization } from "../../src/services/organizations/seed-organization.ts";
import { organizationOf } from "../../src/services/organizations/state.ts";
import { anOrganization, ROOT } from "./an-organization.ts";

const MANAGEMENT = "999988887777";
const WEB = "222233334444";
const STRANGER = "555566667777";

const seeded = () => {
  const aws = createAws({ clock: new VirtualClock(Date.UTC(2026, 3, 1, 8)), authorizer: allowEverything });
  seedOrganization(aws, {
    id: "o-exampleorg1",
    rootId: "r-exam",
    management: { id: MANAGEMENT, name: "management", email: "root@example.com" },
    accounts: [{ id: "111122223333", name: "factory" }],
    units: [
      {
        name: "workloads",
        id: "ou-exam-workload1",
        units: [
          {
            name: "production",
            id: "ou-exam-product01",
            tags: { tier: "1" },
            accounts: [
              { id: WEB, name: "web" },
              { id: "333344445555", name: "old", status: "SUSPENDED" },
            ],
          },
        ],
      },
    ],
  });
  return aws;
};

const clientOf = (aws: EmbeddedAws, account = MANAGEMENT) =>
  new Organizations({
    region: "us-east-1",
    credentials: { accessKeyId: account, secretAccessKey: "any" },
    requestHandler: inProcessHandler(aws),
  });

test("The organization names its management account, to every member", async () => {
  const aws = seeded();

  const { Organization: seen } = await clientOf(aws, WEB).describeOrganization({});

  expect(seen).toMatchObject({
    Id: "o-exampleorg1",
    Arn: `arn:aws:organizations::${MANAGEMENT}:organization/o-exampleorg1`,
    MasterAccountId: MANAGEMENT,
    MasterAccountEmail: "root@example.com",
    FeatureSet: "ALL",
  });
});

test("The tree can be walked down from its root, and up from an account", async () => {
  const client = clientOf(seeded());

  const { Roots: roots } = await client.listRoots({});
  const root = roots?.[0]?.Id ?? "";
  const units = await client.listOrganizationalUnitsForParent({ ParentId: root });
  const inRoot = await client.listAccountsForParent({ ParentId: root });
  const nested = await client.listChildren({ ParentId: "ou-exam-workload1", ChildType: "ORGANIZATIONAL_UNIT" });
  const accounts = await client.listChildren({ ParentId: "ou-exam-product01", ChildType: "ACCOUNT" });
  const parents = await client.listParents({ ChildId: WEB });
  const top = await client.listParents({ ChildId: "ou-exam-workload1" });

  expect(root).toBe("r-exam");
  expect(units.OrganizationalUnits).toEqual([
    {
      Id: "ou-exam-workload1",
      Name: "workloads",
      Arn: `arn:aws:organizations::${MANAGEMENT}:ou/o-exampleorg1/ou-exam-workload1`,
      Path: "o-exampleorg1/r-exam/ou-exam-workload1/",
    },
  ]);
  expect(inRoot.Accounts?.map(({ Id }) => Id)).toEqual([MANAGEMENT, "111122223333"]);
  expect(nested.Children).toEqual([{ Id: "ou-exam-product01", Type: "ORGANIZATIONAL_UNIT" }]);
  expect(accounts.Children?.map(({ Id }) => Id)).toEqual([WEB, "333344445555"]);
  expect(parents.Parents).toEqual([{ Id: "ou-exam-product01", Type: "ORGANIZATIONAL_UNIT" }]);
  expect(top.Parents).toEqual([{ Id: "r-exam", Type: "ROOT" }]);
});

test("A moved account is found under its new parent, and its path follows", async () => {
  const aws = seeded();
  const client = clientOf(aws);
  const before = organizationOf(aws, WEB);

  await client.moveAccount({
    AccountId: WEB,
    SourceParentId: "ou-exam-product01",
    DestinationParentId: "ou-exam-workload1",
  });

  const { Parents: parents } = await client.listParents({ ChildId: WEB });
  expect(parents).toEqual([{ Id: "ou-exam-workload1", Type: "ORGANIZATIONAL_UNIT" }]);
  expect(before?.path).toBe("o-exampleorg1/r-exam/ou-exam-workload1/ou-exam-product01/");
  expect(before?.units.map(({ id }) => id)).toEqual(["ou-exam-workload1", "ou-exam-product01"]);
  expect(organizationOf(aws, WEB)?.path).toBe("o-exampleorg1/r-exam/ou-exam-workload1/");
});

test("An account outside every organization gets an error for it, and a member cannot list the organization", async () => {
  const aws = seeded();

  const outside = clientOf(aws, STRANGER).describeOrganization({});
  const member = clientOf(aws, WEB).describeAccount({ AccountId: WEB });

  await expect(outside).rejects.toMatchObject({ name: "AWSOrganizationsNotInUseException" });
  await expect(member).rejects.toMatchObject({ name: "AccessDeniedException" });
  expect(organizationOf(aws, STRANGER)).toBeUndefined();
});

test("Tags of an OU can be read", async () => {
  const { Tags: tags } = await clientOf(seeded()).listTagsForResource({ ResourceId: "ou-exam-product01" });

  expect(tags).toEqual([{ Key: "tier", Value: "1" }]);
});

test("No account is in two organizations", () => {
  const aws = seeded();

  const twice = () => seedOrganization(aws, { management: { id: WEB, name: "rival" } });

  expect(twice).toThrow(`Account ${WEB} is already in an organization.`);
});

test("All accounts are listed, page by page, whatever their state", async () => {
  const pages: (string | undefined)[] = [];
  for await (const { Accounts = [] } of paginateListAccounts({ client: clientOf(seeded()), pageSize: 3 }, {})) {
    pages.push(Accounts.map(({ Id, Status }) => `${Id} ${Status}`).join());
  }

  expect(pages).toEqual([`${MANAGEMENT} ACTIVE,111122223333 ACTIVE,${WEB} ACTIVE`, "333344445555 SUSPENDED"]);
});

const LEVELS = 5;
const ACCOUNTS = 10_000;

type SeedUnits = NonNullable<OrganizationSeed["units"]>;

/** 500 OUs on five levels, with 10,000 accounts in all of them. */
function large(): { units: SeedUnits; deepest: string } {
  let count = 0;
  let account = 0;
  let deepest = "";
  const chain = (level: number): SeedUnits => {
    const n = ++count;
    const accounts = Array.from({ length: ACCOUNTS / 500 }, () => {
      const id = String(100_000_000_000 + ++account);
      return { id, name: `account-${account}` };
    });
    if (level === LEVELS) deepest = accounts.at(-1)?.id ?? "";
    const id = `ou-exam-${String(n).padStart(8, "0")}`;
    return [{ name: `ou-${n}`, id, accounts, units: level < LEVELS ? chain(level + 1) : [] }];
  };
  const units = Array.from({ length: 500 / LEVELS }, () => chain(1)).flat();
  return { units, deepest };
}

test("ten thousand accounts are there in a second of this thread's time, and answer in pages of twenty", async () => {
  const { units, deepest } = large();

  const before = process.cpuUsage();
  const { aws, management: client } = anOrganization({ units });
  const { user, system } = process.cpuUsage(before);
  let pages = 0;
  const ids = new Set<string | undefined>();
  for await (const { Accounts: accounts = [] } of paginateListAccounts({ client }, {})) {
    pages++;
    for (const { Id } of accounts) ids.add(Id);
  }

  expect((user + system) / 1000).toBeLessThan(1000);
  expect(ids.size).toBe(ACCOUNTS + 2);
  expect(pages).toBe(Math.ceil((ACCOUNTS + 2) / 20));
  expect(organizationOf(aws, deepest)?.units).toHaveLength(LEVELS);
});

test("its tree, walked down, has every account once", async () => {
  const { management: client } = anOrganization({ units: large().units });

  const found: (string | undefined)[] = [];
  const walk = async (ParentId: string): Promise<void> => {
    for await (const { Accounts: accounts = [] } of paginateListAccountsForParent({ client }, { ParentId })) {
      found.push(...accounts.map(({ Id }) => Id));
    }
    for await (const page of paginateListOrganizationalUnitsForParent({ client }, { ParentId })) {
      for (const { Id } of page.OrganizationalUnits ?? []) await walk(Id ?? "");
    }
  };
  await walk(ROOT);

  expect(found).toHaveLength(ACCOUNTS + 2);
  expect(new Set(found).size).toBe(ACCOUNTS + 2);
});
