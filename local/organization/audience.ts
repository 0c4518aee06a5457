import type { OrganizationSeed } from "embedded-aws/seeds";
import type { Share } from "../../core/factory/share-schema.ts";
import { accountsIn } from "./derived-organization.ts";

/**
 * The accounts that a share reaches, from the config and the organization. Independent of
 * `core/share/resolve-share.ts`, to find faults there.
 * @param factoryAccount the owner of what is shared; it is not in the result
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
