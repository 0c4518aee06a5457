import type { Consumers, Share } from "../factory/share-schema.ts";
import { indexTree, type OrganizationTree, type TreeIndex } from "../organization/organization-tree.ts";
import { resolveShare } from "./resolve-share.ts";

/** EC2 shares an AMI in a region with at most this many organizations, OUs and accounts (EC2 quotas). */
export const MOST_ENTITIES = 1_000;

/**
 * Checks a channel's share against the organization. Finds OUs and accounts that do not exist, are suspended, or are both
 * included and excluded; exceptions without effect; and shares without recipients.
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
  /** The excluded OU, or the account's OU. */
  readonly own: string | undefined;
}

/** An exception must exist, must not be included itself, and must be within the share. */
function checkExcept(at: string, id: string, { share, tree, own }: Exception): string[] {
  const isOu = id.startsWith("ou-");
  const unknown = isOu ? !tree.unit(id) : !tree.account(id);
  if (unknown || own === undefined) {
    return [`${at}: expected ${isOu ? "an organizational unit" : "an account"} of the organization, found "${id}"`];
  }
  if (share.accounts.includes(id) || share.organizationalUnits.includes(id)) {
    return [`${at}: "${id}" is both shared with and excluded; name it in one place`];
  }
  const inside = share.accounts.find(
    (account) => isOu && tree.pathOf(tree.account(account)?.parent ?? "").includes(id),
  );
  if (inside) return [`${at}: "${id}" is excluded, but its account "${inside}" is shared with; name it in one place`];
  const nested = share.organizationalUnits.find((ou) => isOu && ou !== id && tree.pathOf(ou).includes(id));
  if (nested) return [`${at}: "${id}" is excluded, but its OU "${nested}" is shared with; name it in one place`];
  const reached =
    share.organization || share.accountTags || tree.pathOf(own).some((ou) => share.organizationalUnits.includes(ou));
  return reached ? [] : [`${at}: expected an OU or account that the share includes, found "${id}": nothing to exclude`];
}

function checkReach(at: string, share: Share, organization: OrganizationTree): string[] {
  const { organization: whole, organizationalUnits, accounts } = resolveShare(share, organization);
  const entities = Number(whole) + organizationalUnits.length + accounts.length;
  if (entities === 0) return [`${at}: expected at least one recipient, found none`];
  return entities <= MOST_ENTITIES ? [] : [`${at}: ${tooMany(entities, accounts.length)}`];
}

/** The message for more entities than EC2 allows. */
export const tooMany = (entities: number, accounts: number): string =>
  `expected at most ${MOST_ENTITIES} organizations, OUs and accounts for an AMI in a region, found ${entities} ` +
  `(${accounts} of them accounts); share with whole OUs, or exclude whole OUs`;

/**
 * Checks `consumers` against the organization. Finds OUs and accounts that do not exist, are suspended, or get no role
 * because they are in none of the OUs.
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

function checkConsumer(at: string, id: string, { organizationalUnits: ous }: Consumers, tree: TreeIndex): string[] {
  const account = tree.account(id);
  if (!account) return [`${at}: expected an account of the organization, found "${id}"`];
  if (!account.active)
    return [`${at}: expected an active account, found "${id}" (${account.name}), which is suspended`];
  if (!ous || tree.pathOf(account.parent).some((ou) => ous.includes(ou))) return [];
  return [
    `${at}: expected an account in consumers.organizationalUnits, found "${id}" (${account.name}) in none of them`,
  ];
}
