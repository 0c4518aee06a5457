import type { OrganizationSeed } from "embedded-aws/seeds";
import type { Share } from "../../core/factory/share-schema.ts";
import { accountsIn } from "./derived-organization.ts";

/**
 * The accounts that a share is for, by what the config and the organization say. It is computed apart from
 * `core/share/resolve-share.ts`, so that a fault there shows.
 * @param factoryAccount owns what is shared, and is left out
 */
export function audienceOf(share: Share, organization: OrganizationSeed, factoryAccount: string): string[] {
  const { organizationalUnits, accounts, accountTags, except } = share;
  const inOrganization = accountsIn(organization);
  const members = inOrganization
    .filter(({ id, within, tags = {}, status = "ACTIVE" }) => {
      const byTags =
        accountTags !== undefined && Object.entries(accountTags).every(([key, value]) => tags[key] === value);
      const wanted =
        share.organization ||
        byTags ||
        accounts.includes(id) ||
        within.some((unit) => organizationalUnits.includes(unit));
      const left =
        except?.accounts.includes(id) || within.some((unit) => except?.organizationalUnits.includes(unit) ?? false);
      return wanted && !left && status === "ACTIVE";
    })
    .map(({ id }) => id);
  const known = new Set(inOrganization.map(({ id }) => id));
  const outside = accounts.filter((id) => !known.has(id) && !except?.accounts.includes(id));
  return [...members, ...outside].filter((id) => id !== factoryAccount).toSorted();
}
