import {
  type OrganizationsClient,
  paginateListAccountsForParent,
  paginateListOrganizationalUnitsForParent,
  paginateListRoots,
  paginateListTagsForResource,
} from "@aws-sdk/client-organizations";
import type { Account, OrganizationTree, Unit } from "../../core/organization/organization-tree.ts";

/** Organizations answered with no root: the account may not read it, or belongs to none. */
class NoOrganizationRoot extends Error {
  override readonly name = "NoOrganizationRoot";

  constructor() {
    super("Organizations names no root; the management account must let this account read the organization.");
  }
}

/**
 * The whole organization, unit by unit: two lists for each, all pages. Accounts come without their tags.
 * @throws NoOrganizationRoot, and what Organizations refuses
 */
export async function readOrganization(client: OrganizationsClient): Promise<OrganizationTree> {
  const rootId = await findRoot(client);
  const units: Unit[] = [];
  const accounts: Account[] = [];
  const left = [rootId];
  for (let parent = left.shift(); parent !== undefined; parent = left.shift()) {
    const below = await listUnits(client, parent);
    units.push(...below);
    accounts.push(...(await listAccounts(client, parent)));
    left.push(...below.map(({ id }) => id));
  }
  return { rootId, units, accounts };
}

async function findRoot(client: OrganizationsClient): Promise<string> {
  for await (const { Roots = [] } of paginateListRoots({ client }, {})) {
    for (const { Id } of Roots) if (Id) return Id;
  }
  throw new NoOrganizationRoot();
}

async function listUnits(client: OrganizationsClient, parent: string): Promise<Unit[]> {
  const units: Unit[] = [];
  for await (const page of paginateListOrganizationalUnitsForParent({ client }, { ParentId: parent })) {
    for (const { Id, Name = "" } of page.OrganizationalUnits ?? []) if (Id) units.push({ id: Id, name: Name, parent });
  }
  return units;
}

async function listAccounts(client: OrganizationsClient, parent: string): Promise<Account[]> {
  const accounts: Account[] = [];
  for await (const page of paginateListAccountsForParent({ client }, { ParentId: parent })) {
    for (const { Id, Name = "", State, Status } of page.Accounts ?? []) {
      // Status was to retire in September 2026; State says the same (API reference, Account).
      if (Id) accounts.push({ id: Id, name: Name, parent, active: (State ?? Status) === "ACTIVE" });
    }
  }
  return accounts;
}

/** An account's tags in Organizations. */
export async function readAccountTags(client: OrganizationsClient, account: string): Promise<Record<string, string>> {
  const tags: Record<string, string> = {};
  for await (const page of paginateListTagsForResource({ client }, { ResourceId: account })) {
    for (const { Key, Value = "" } of page.Tags ?? []) if (Key) tags[Key] = Value;
  }
  return tags;
}
