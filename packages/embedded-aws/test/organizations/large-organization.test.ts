import {
  paginateListAccounts,
  paginateListAccountsForParent,
  paginateListOrganizationalUnitsForParent,
} from "@aws-sdk/client-organizations";
import { expect, test } from "vitest";
import type { OrganizationSeed } from "../../src/services/organizations/seed-organization.ts";
import { organizationOf } from "../../src/services/organizations/state.ts";
import { anOrganization, ROOT } from "./an-organization.ts";

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
