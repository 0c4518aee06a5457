import {
  type OrganizationsClient,
  paginateListAccountsForParent,
  paginateListOrganizationalUnitsForParent,
  paginateListRoots,
  paginateListTagsForResource,
} from "@aws-sdk/client-organizations";
import type { Account, OrganizationTree } from "../../core/organization/organization-tree.ts";

type OrganizationalUnit = OrganizationTree["units"][number];

/** Organizations returned no root: the account may not read it, or is not in an organization. */
class NoOrganizationRoot extends Error {
  override readonly name = "NoOrganizationRoot";

  constructor() {
    super("Organizations returned no root; the management account must allow this account to read the organization.");
  }
}

/**
 * The whole organization, OU by OU, with two lists for each. Accounts have no tags yet.
 * @throws NoOrganizationRoot, and errors of Organizations
 */
export async function readOrganization(client: OrganizationsClient): Promise<OrganizationTree> {
  const rootId = await findRoot(client);
  const ous: OrganizationalUnit[] = [];
  const accounts: Account[] = [];
  const left = [rootId];
  for (let parent = left.shift(); parent !== undefined; parent = left.shift()) {
    const below = await listOus(client, parent);
    ous.push(...below);
    accounts.push(...(await listAccounts(client, parent)));
    left.push(...below.map(({ id }) => id));
  }
  return { rootId, units: ous, accounts };
}

async function findRoot(client: OrganizationsClient): Promise<string> {
  for await (const { Roots = [] } of paginateListRoots({ client }, {})) {
    for (const { Id } of Roots) if (Id) return Id;
  }
  throw new NoOrganizationRoot();
}

async function listOus(client: OrganizationsClient, parent: string): Promise<OrganizationalUnit[]> {
  const ous: OrganizationalUnit[] = [];
  for await (const page of paginateListOrganizationalUnitsForParent({ client }, { ParentId: parent })) {
    for (const { Id, Name = "" } of page.OrganizationalUnits ?? []) if (Id) ous.push({ id: Id, name: Name, parent });
  }
  return ous;
}

async function listAccounts(client: OrganizationsClient, parent: string): Promise<Account[]> {
  const accounts: Account[] = [];
  for await (const page of paginateListAccountsForParent({ client }, { ParentId: parent })) {
    for (const { Id, Name = "", State, Status } of page.Accounts ?? []) {
      // AWS announced the retirement of Status for September 2026; State replaces it (API reference, Account).
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
