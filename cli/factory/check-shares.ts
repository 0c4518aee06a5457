import type { OrganizationsClient } from "@aws-sdk/client-organizations";
import { readAccountTags, readOrganization } from "../../adapters/organization/organizations.ts";
import type { Factory } from "../../core/factory/factory-schema.ts";
import type { Account, OrganizationTree } from "../../core/organization/organization-tree.ts";
import { checkConsumerAccounts, checkShare } from "../../core/share/check-share.ts";
import { needsTags } from "../../core/share/resolve-share.ts";
import { configFinding, type Finding } from "./finding.ts";

export interface CheckedShares {
  readonly tree: OrganizationTree;
  readonly findings: readonly Finding[];
}

/**
 * Checks the config's shares and consumers against the current organization.
 * @param known tags read earlier; missing ones are read account by account
 */
export async function checkShares(
  factory: Factory,
  client: OrganizationsClient,
  known: ReadonlyMap<string, Account>,
): Promise<CheckedShares> {
  const tree = await readTree(factory, client, known);
  const shares = Object.entries(factory.images).flatMap(([image, { channels }]) =>
    channels.map(({ share }, nth) => ({ at: `images.${image}.channels[${nth}].share`, share })),
  );
  const faults = [
    ...shares.flatMap(({ at, share }) => checkShare(at, share, tree)),
    ...(factory.consumers ? checkConsumerAccounts(factory.consumers, tree) : []),
    ...checkRoot(factory, tree),
  ];
  return { tree, findings: faults.map(configFinding) };
}

function checkRoot({ organization: { rootId } }: Factory, tree: OrganizationTree): string[] {
  if (rootId === undefined || rootId === tree.rootId) return [];
  return [`organization.rootId: expected "${tree.rootId}", found "${rootId}"`];
}

async function readTree(
  factory: Factory,
  client: OrganizationsClient,
  known: ReadonlyMap<string, Account>,
): Promise<OrganizationTree> {
  const tree = await readOrganization(client);
  const shares = Object.values(factory.images).flatMap(({ channels }) => channels.map(({ share }) => share));
  if (!shares.some(needsTags)) return tree;
  const accounts: Account[] = [];
  for (const account of tree.accounts) {
    const tags = known.get(account.id)?.tags ?? (await readAccountTags(client, account.id));
    accounts.push({ ...account, tags });
  }
  return { ...tree, accounts };
}
