import type { Consumers, Share } from "../factory/share-schema.ts";
import { indexTree, type OrganizationTree, type TreeIndex } from "../organization/organization-tree.ts";
import { resolveShare } from "./resolve-share.ts";

/** EC2 shares an AMI of a region with at most so many organizations, units and accounts (EC2 quotas). */
export const MOST_ENTITIES = 1_000;

/**
 * What is wrong with a channel's share in the organization as it is: units and accounts that are not there, that are
 * suspended, that are named and left out at once, exceptions that except nothing, and a share with nobody.
 * @param at the share's path in the config
 */
export function checkShare(at: string, share: Share, organization: OrganizationTree): string[] {
  const tree = indexTree(organization);
  return [
    ...share.organizationalUnits.flatMap((id, nth) => checkUnit(`${at}.organizationalUnits[${nth}]`, id, tree)),
    ...share.accounts.flatMap((id, nth) => checkAccount(`${at}.accounts[${nth}]`, id, tree)),
    ...(share.except?.organizationalUnits ?? []).flatMap((id, nth) =>
      checkExcept(`${at}.except.organizationalUnits[${nth}]`, id, { share, tree, own: id }),
    ),
    ...(share.except?.accounts ?? []).flatMap((id, nth) =>
      checkExcept(`${at}.except.accounts[${nth}]`, id, { share, tree, own: tree.account(id)?.parent }),
    ),
    ...checkReach(at, share, organization),
  ];
}

function checkUnit(at: string, id: string, tree: TreeIndex): string[] {
  return tree.unit(id) ? [] : [`${at}: expected an organizational unit of the organization, found "${id}"`];
}

function checkAccount(at: string, id: string, tree: TreeIndex): string[] {
  const account = tree.account(id);
  if (!account) return [`${at}: expected an account of the organization, found "${id}"`];
  return account.active
    ? []
    : [`${at}: expected an active account, found "${id}" (${account.name}), which is suspended`];
}

interface Exception {
  readonly share: Share;
  readonly tree: TreeIndex;
  /** The unit that is left out, or the one that the account lies in. */
  readonly own: string | undefined;
}

/** An exception must be there, must not be named itself, and must lie in what is shared with. */
function checkExcept(at: string, id: string, { share, tree, own }: Exception): string[] {
  const isUnit = id.startsWith("ou-");
  const unknown = isUnit ? !tree.unit(id) : !tree.account(id);
  if (unknown || own === undefined) {
    return [`${at}: expected ${isUnit ? "an organizational unit" : "an account"} of the organization, found "${id}"`];
  }
  if (share.accounts.includes(id) || share.organizationalUnits.includes(id)) {
    return [`${at}: "${id}" is shared with and left out at once; name it in one place`];
  }
  const inside = share.accounts.find(
    (account) => isUnit && tree.pathOf(tree.account(account)?.parent ?? "").includes(id),
  );
  if (inside) return [`${at}: "${id}" is left out, and account "${inside}" in it is shared with; name it in one place`];
  const nested = share.organizationalUnits.find((unit) => isUnit && unit !== id && tree.pathOf(unit).includes(id));
  if (nested) return [`${at}: "${id}" is left out, and unit "${nested}" in it is shared with; name it in one place`];
  const reached =
    share.organization ||
    share.accountTags ||
    tree.pathOf(own).some((unit) => share.organizationalUnits.includes(unit));
  return reached ? [] : [`${at}: expected something within what is shared with, found "${id}": nothing to leave out`];
}

function checkReach(at: string, share: Share, organization: OrganizationTree): string[] {
  const { organization: whole, organizationalUnits, accounts } = resolveShare(share, organization);
  const entities = Number(whole) + organizationalUnits.length + accounts.length;
  if (entities === 0) return [`${at}: expected to reach somebody, found nobody`];
  return entities <= MOST_ENTITIES ? [] : [`${at}: ${tooMany(entities, accounts.length)}`];
}

/** Words for more entities than EC2 takes. */
export const tooMany = (entities: number, accounts: number): string =>
  `expected at most ${MOST_ENTITIES} organizations, units and accounts for an AMI in a region, found ${entities} ` +
  `(${accounts} of them accounts); share with whole units, or leave whole units out`;

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
    ...verify.flatMap((id, nth) => checkConsumer(`consumers.verify[${nth}]`, id, consumers, tree)),
    ...(canary ? checkConsumer("consumers.canary.account", canary.account, consumers, tree) : []),
  ];
}

function checkConsumer(at: string, id: string, { organizationalUnits: units }: Consumers, tree: TreeIndex): string[] {
  const account = tree.account(id);
  if (!account) return [`${at}: expected an account of the organization, found "${id}"`];
  if (!account.active)
    return [`${at}: expected an active account, found "${id}" (${account.name}), which is suspended`];
  if (!units || tree.pathOf(account.parent).some((unit) => units.includes(unit))) return [];
  return [
    `${at}: expected an account in consumers.organizationalUnits, found "${id}" (${account.name}) in none of them`,
  ];
}
