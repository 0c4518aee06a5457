import type { Factory } from "../factory/factory-schema.ts";
import type { Share } from "../factory/share-schema.ts";
import { indexTree, type OrganizationTree } from "./organization-tree.ts";
import { findReached, needsTree, plainAudience, resolveShare } from "./resolve-share.ts";

/**
 * The accounts that a channel reaches and in which the factory can act, in order: those in the units that get the
 * consumer role. The management account never gets it (StackSets user guide, "Service-managed permissions"), and the
 * factory's own account has all of its own.
 */
export function findConsumers(
  share: Share,
  tree: OrganizationTree,
  { consumers, organization }: Pick<Factory, "consumers" | "organization">,
  factoryAccount: string,
): string[] {
  if (!consumers) return [];
  const { organizationalUnits: units } = consumers;
  const { pathOf } = indexTree(tree);
  const audience = needsTree(share) ? resolveShare(share, tree) : plainAudience(share);
  return findReached(audience, tree)
    .filter(({ id }) => id !== factoryAccount && id !== organization.managementAccountId)
    .filter(({ parent }) => !units || pathOf(parent).some((unit) => units.includes(unit)))
    .map(({ id }) => id)
    .toSorted();
}
