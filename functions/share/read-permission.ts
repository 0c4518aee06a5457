import { findOrganization } from "../../adapters/organization/organization.ts";
import type { Share } from "../../core/factory/share-schema.ts";
import type { OrganizationTree } from "../../core/organization/organization-tree.ts";
import { type LaunchPermission, toLaunchPermission } from "../../core/share/launch-permission.ts";
import { needsTree, plainAudience, resolveShare } from "../../core/share/resolve-share.ts";
import type { Invocation } from "../invocation.ts";

type Asking = Pick<Invocation, "ledger" | "settings">;

/**
 * A share's present audience as EC2 launch permissions. The organization comes from the ledger: promotions do not call
 * Organizations.
 * @throws OrganizationNotRead where the share needs the organization and it has not been read yet
 */
export async function readPermission(share: Share, { ledger, settings }: Asking): Promise<LaunchPermission> {
  const tree = needsTree(share) ? await findOrganization(ledger) : undefined;
  if (needsTree(share) && !tree) throw new OrganizationNotRead(settings.factory.organization.id);
  return permissionIn(share, tree, settings);
}

/** The same in a given organization, without the factory's account, which owns the AMIs. */
export function permissionIn(
  share: Share,
  tree: OrganizationTree | undefined,
  { factory, place }: Asking["settings"],
): LaunchPermission {
  const audience = tree && needsTree(share) ? resolveShare(share, tree) : plainAudience(share);
  const accounts = audience.accounts.filter((id) => id !== place.account);
  return toLaunchPermission(factory, { ...audience, accounts }, place.partition);
}

/** Exceptions and tags require the organization. */
class OrganizationNotRead extends Error {
  override readonly name = "OrganizationNotRead";

  constructor(organization: string) {
    super(
      `The organization ${organization} has not been read yet, and the share has exceptions or tags. follow-organization reads it hourly.`,
    );
  }
}
