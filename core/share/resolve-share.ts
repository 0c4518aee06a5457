import type { Share } from "../factory/share-schema.ts";
import { type Account, indexTree, type OrganizationTree, type TreeIndex } from "../organization/organization-tree.ts";

/** The recipients of a share, as ids for EC2 and RAM, in as few entries as possible. */
export interface Audience {
  readonly organization: boolean;
  readonly organizationalUnits: readonly string[];
  readonly accounts: readonly string[];
}

/** Whether resolving a share needs the organization's tree. */
export const needsTree = ({ accountTags, except }: Share): boolean =>
  accountTags !== undefined || (except !== undefined && except.organizationalUnits.length + except.accounts.length > 0);

/** Whether resolving a share needs the tags of accounts. */
export const needsTags = ({ accountTags }: Share): boolean => accountTags !== undefined;

/** The recipients of a share that does not need the tree, as in the config. */
export const plainAudience = ({ organization, organizationalUnits, accounts }: Share): Audience => ({
  organization: organization === true,
  organizationalUnits,
  accounts,
});

/**
 * The fewest entries that reach exactly a share's recipients: the whole organization, whole OUs, and account ids only if an
 * exception or a tag requires it. Suspended accounts are excluded.
 */
export function resolveShare(share: Share, organization: OrganizationTree): Audience {
  const tree = indexTree(organization);
  const excluded = toExclusions(share, tree);
  const tops = share.organization ? [tree.rootId] : outermost(share.organizationalUnits, tree);
  const covered = tops.map((top) => cover(top, tree, excluded));
  const ous = new Set(covered.flatMap(({ ous: some }) => some));
  const whole = ous.has(tree.rootId);
  const isCovered = ({ parent }: Account) => tree.pathOf(parent).some((ou) => ous.has(ou));
  const singly = [...findNamed(share, tree), ...findTagged(share, organization)].filter(
    (account) => account.active && !isExcluded(account, tree, excluded),
  );
  const accounts = [...covered.flatMap(({ accounts: some }) => some), ...singly];
  return {
    organization: whole,
    organizationalUnits: [...ous].filter((ou) => ou !== tree.rootId).sort(),
    accounts: [...new Set(accounts.filter((account) => !isCovered(account)).map(({ id }) => id))].sort(),
  };
}

/** The active accounts that an audience reaches. */
export function findReached(audience: Audience, organization: OrganizationTree): Account[] {
  const tree = indexTree(organization);
  const ous = new Set(audience.organizationalUnits);
  const ids = new Set(audience.accounts);
  return organization.accounts.filter(
    ({ id, parent, active }) =>
      active && (audience.organization || ids.has(id) || tree.pathOf(parent).some((ou) => ous.has(ou))),
  );
}

interface Exclusions {
  readonly ous: ReadonlySet<string>;
  readonly accounts: ReadonlySet<string>;
  /** OUs and root with an exclusion somewhere below: they cannot be shared with as a whole. */
  readonly broken: ReadonlySet<string>;
}

function toExclusions({ except }: Share, tree: TreeIndex): Exclusions {
  const ous = new Set(except?.organizationalUnits);
  const accounts = new Set(except?.accounts);
  const broken = new Set([
    ...[...ous].flatMap((id) => tree.pathOf(id).slice(1)),
    ...[...accounts].flatMap((id) => {
      const account = tree.account(id);
      return account ? tree.pathOf(account.parent) : [];
    }),
  ]);
  return { ous, accounts, broken };
}

const isExcluded = ({ id, parent }: Account, tree: TreeIndex, { ous, accounts }: Exclusions): boolean =>
  accounts.has(id) || tree.pathOf(parent).some((ou) => ous.has(ou));

/** Removes OUs that are inside another OU of the list. */
const outermost = (ous: readonly string[], tree: TreeIndex): string[] =>
  ous.filter((id) => !tree.pathOf(id).some((above, depth) => depth > 0 && ous.includes(above)));

/** The whole OU if nothing below is excluded; else its accounts, and its OUs in the same way. */
function cover(id: string, tree: TreeIndex, excluded: Exclusions): { ous: string[]; accounts: Account[] } {
  if (tree.pathOf(id).some((ou) => excluded.ous.has(ou))) return { ous: [], accounts: [] };
  if (!excluded.broken.has(id)) return { ous: [id], accounts: [] };
  const below = tree.unitsIn(id).map((ou) => cover(ou.id, tree, excluded));
  return {
    ous: below.flatMap(({ ous }) => ous),
    accounts: [
      ...tree.accountsIn(id).filter((account) => account.active && !excluded.accounts.has(account.id)),
      ...below.flatMap(({ accounts }) => accounts),
    ],
  };
}

const findNamed = ({ accounts }: Share, tree: TreeIndex): Account[] => accounts.flatMap((id) => tree.account(id) ?? []);

function findTagged({ accountTags }: Share, { accounts }: OrganizationTree): readonly Account[] {
  if (!accountTags) return [];
  const wanted = Object.entries(accountTags);
  return accounts.filter(({ tags = {} }) => wanted.every(([key, value]) => tags[key] === value));
}
