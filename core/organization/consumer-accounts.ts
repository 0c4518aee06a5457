import type { Factory } from "../factory/factory-schema.ts";
import type { Share } from "../factory/share-schema.ts";
import { findReached, needsTree, plainAudience, resolveShare } from "../share/resolve-share.ts";
import { type Account, indexTree, type OrganizationTree } from "./organization-tree.ts";

/**
 * The sorted accounts that a channel reaches and in which the factory can act: those in the OUs that get the consumer role.
 * The management account never gets it (StackSets user guide, "Service-managed permissions"), and the factory's own account
 * does not need it.
 */
export function findConsumers(
  share: Share,
  tree: OrganizationTree,
  { consumers, organization }: Pick<Factory, "consumers" | "organization">,
  factoryAccount: string,
): string[] {
  if (!consumers) return [];
  const { organizationalUnits } = consumers;
  const { pathOf } = indexTree(tree);
  const audience = needsTree(share) ? resolveShare(share, tree) : plainAudience(share);
  return findReached(audience, tree)
    .filter(({ id }) => id !== factoryAccount && id !== organization.managementAccountId)
    .filter(({ parent }) => !organizationalUnits || pathOf(parent).some((ou) => organizationalUnits.includes(ou)))
    .map(({ id }) => id)
    .toSorted();
}

/**
 * Organizations allows ten ListTagsForResource calls per second (user guide, "Quotas"). Five minutes of them leave a
 * function time for reading the tree and everything else.
 */
const MOST_AT_ONCE = 3_000;

const HOUR_MS = 3_600_000;

/**
 * The accounts whose tags are read this hour: first those with unknown tags, then the others in rotation.
 */
export function chooseRetagged(
  accounts: readonly Account[],
  before: ReadonlyMap<string, Account>,
  now: Date,
): readonly string[] {
  const active = accounts.filter((account) => account.active).map(({ id }) => id);
  const unknown = active.filter((id) => !before.get(id)?.tags);
  const known = active.filter((id) => before.get(id)?.tags);
  if (active.length <= MOST_AT_ONCE) return active;
  const left = Math.max(0, MOST_AT_ONCE - unknown.length);
  const turns = Math.max(1, Math.ceil(known.length / Math.max(1, left)));
  const turn = Math.floor(now.getTime() / HOUR_MS) % turns;
  return [...unknown.slice(0, MOST_AT_ONCE), ...known.slice(turn * left, (turn + 1) * left)];
}
