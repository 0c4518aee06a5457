import type { Share } from "../factory/share-schema.ts";
import { type Account, indexTree, type OrganizationTree, type TreeIndex } from "../organization/organization-tree.ts";

/** Who is shared with, as ids: what EC2 and RAM take, in as few entries as there can be. */
export interface Audience {
  readonly organization: boolean;
  readonly organizationalUnits: readonly string[];
  readonly accounts: readonly string[];
}

/** Whether a share says by itself whom it reaches: without a look at the organization. */
export const needsTree = ({ accountTags, except }: Share): boolean =>
  accountTags !== undefined || (except !== undefined && except.organizationalUnits.length + except.accounts.length > 0);

/** Whether the tags of accounts have to be read. */
export const needsTags = ({ accountTags }: Share): boolean => accountTags !== undefined;

/** A share that needs no tree, as it stands in the config. */
export const plainAudience = ({ organization, organizationalUnits, accounts }: Share): Audience => ({
  organization: organization === true,
  organizationalUnits,
  accounts,
});

/**
 * The fewest entries that reach exactly those whom a share means: whole organization, whole units, and accounts by
 * their ids only where an exception or a tag leaves no other way. Suspended accounts are left out.
 */
export function resolveShare(share: Share, organization: OrganizationTree): Audience {
  const tree = indexTree(organization);
  const excluded = toExclusions(share, tree);
  const tops = share.organization ? [tree.rootId] : outermost(share.organizationalUnits, tree);
  const covered = tops.map((top) => cover(top, tree, excluded));
  const units = new Set(covered.flatMap(({ units: some }) => some));
  const whole = units.has(tree.rootId);
  const isCovered = ({ parent }: Account) => tree.pathOf(parent).some((unit) => units.has(unit));
  const singly = [...findNamed(share, tree), ...findTagged(share, organization)].filter(
    (account) => account.active && !isExcluded(account, tree, excluded),
  );
  const accounts = [...covered.flatMap(({ accounts: some }) => some), ...singly];
  return {
    organization: whole,
    organizationalUnits: [...units].filter((unit) => unit !== tree.rootId).sort(),
    accounts: [...new Set(accounts.filter((account) => !isCovered(account)).map(({ id }) => id))].sort(),
  };
}

/** The active accounts that an audience reaches. */
export function findReached(audience: Audience, organization: OrganizationTree): Account[] {
  const tree = indexTree(organization);
  const units = new Set(audience.organizationalUnits);
  const ids = new Set(audience.accounts);
  return organization.accounts.filter(
    ({ id, parent, active }) =>
      active && (audience.organization || ids.has(id) || tree.pathOf(parent).some((unit) => units.has(unit))),
  );
}

interface Exclusions {
  readonly units: ReadonlySet<string>;
  readonly accounts: ReadonlySet<string>;
  /** Units and root that have an exclusion somewhere below them: they cannot be shared with as a whole. */
  readonly broken: ReadonlySet<string>;
}

function toExclusions({ except }: Share, tree: TreeIndex): Exclusions {
  const units = new Set(except?.organizationalUnits);
  const accounts = new Set(except?.accounts);
  const broken = new Set([
    ...[...units].flatMap((id) => tree.pathOf(id).slice(1)),
    ...[...accounts].flatMap((id) => {
      const account = tree.account(id);
      return account ? tree.pathOf(account.parent) : [];
    }),
  ]);
  return { units, accounts, broken };
}

const isExcluded = ({ id, parent }: Account, tree: TreeIndex, { units, accounts }: Exclusions): boolean =>
  accounts.has(id) || tree.pathOf(parent).some((unit) => units.has(unit));

/** Units that lie in another one of the list say nothing new. */
const outermost = (units: readonly string[], tree: TreeIndex): string[] =>
  units.filter((id) => !tree.pathOf(id).some((above, depth) => depth > 0 && units.includes(above)));

/** A unit as a whole where nothing below is excluded; else its own accounts, and its units the same way. */
function cover(id: string, tree: TreeIndex, excluded: Exclusions): { units: string[]; accounts: Account[] } {
  if (tree.pathOf(id).some((unit) => excluded.units.has(unit))) return { units: [], accounts: [] };
  if (!excluded.broken.has(id)) return { units: [id], accounts: [] };
  const below = tree.unitsIn(id).map((unit) => cover(unit.id, tree, excluded));
  return {
    units: below.flatMap(({ units }) => units),
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
