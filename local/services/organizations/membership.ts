import type { EmbeddedAws } from "../../embedded-aws.ts";
import { type Organization, organizationWith, rootOf, type Unit } from "./state.ts";

/** Where an account stands in its organization. */
export interface Membership {
  /** `o-...` */
  readonly id: string;
  /** `arn:aws:organizations::<management account>:organization/o-...` */
  readonly arn: string;
  readonly managementAccount: string;
  /** The units above the account, outermost first; the root is not among them. */
  readonly units: readonly { readonly id: string; readonly arn: string }[];
  /** `o-.../r-.../ou-.../`: the condition key aws:PrincipalOrgPaths. */
  readonly path: string;
}

/** Undefined for an account outside every organization. */
export function organizationOf(aws: EmbeddedAws, account: string): Membership | undefined {
  const organization = organizationWith(aws, account);
  const parent = organization?.accounts.get(account)?.parent;
  if (!organization || !parent) return undefined;
  const units = unitsAbove(organization, parent);
  return {
    id: organization.id,
    arn: organization.arn,
    managementAccount: organization.managementAccount,
    units: units.map(({ id, arn }) => ({ id, arn })),
    path: [organization.id, rootOf(organization).id, ...units.map(({ id }) => id), ""].join("/"),
  };
}

function unitsAbove(organization: Organization, from: string): Unit[] {
  const unit = organization.units.get(from);
  return unit?.parent === undefined ? [] : [...unitsAbove(organization, unit.parent), unit];
}
