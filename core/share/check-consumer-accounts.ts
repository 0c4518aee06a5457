import type { Consumers } from "../factory/consumers-schema.ts";
import { indexTree, type OrganizationTree, type TreeIndex } from "./organization-tree.ts";

/**
 * What is wrong with `consumers` in the organization as it is: units and accounts that are not there, are suspended, or
 * get no role because they lie in none of the units.
 */
export function checkConsumerAccounts(consumers: Consumers, organization: OrganizationTree): string[] {
  const tree = indexTree(organization);
  const { organizationalUnits = [], verify, canary } = consumers;
  return [
    ...organizationalUnits.flatMap((id, nth) =>
      tree.unit(id)
        ? []
        : [`consumers.organizationalUnits[${nth}]: expected an organizational unit of the organization, found "${id}"`],
    ),
    ...verify.flatMap((id, nth) => checkAccount(`consumers.verify[${nth}]`, id, consumers, tree)),
    ...(canary ? checkAccount("consumers.canary.account", canary.account, consumers, tree) : []),
  ];
}

function checkAccount(at: string, id: string, { organizationalUnits: units }: Consumers, tree: TreeIndex): string[] {
  const account = tree.account(id);
  if (!account) return [`${at}: expected an account of the organization, found "${id}"`];
  if (!account.active)
    return [`${at}: expected an active account, found "${id}" (${account.name}), which is suspended`];
  if (!units || tree.pathOf(account.parent).some((unit) => units.includes(unit))) return [];
  return [
    `${at}: expected an account in consumers.organizationalUnits, found "${id}" (${account.name}) in none of them`,
  ];
}
