import type { Call } from "../../engine/operation.ts";
import { refusal } from "./refusals.ts";
import { type MemberAccount, type Organization, organizationWith, type Unit } from "./state.ts";

/** The organization that the caller's account is in. Whether it may ask is decided before, in access.ts. */
export function ownOrganization({ aws, account }: Call): Organization {
  const organization = organizationWith(aws, account);
  if (organization) return organization;
  throw refusal("AWSOrganizationsNotInUseException", "Your account is not a member of an organization.");
}

export function accountIn(organization: Organization, id: string | undefined): MemberAccount {
  const account = organization.accounts.get(id ?? "");
  if (account) return account;
  throw refusal("AccountNotFoundException", "You specified an account that doesn't exist.");
}

export function unitIn(organization: Organization, id: string | undefined): Unit {
  const unit = organization.units.get(id ?? "");
  if (unit?.parent !== undefined) return unit;
  throw refusal("OrganizationalUnitNotFoundException", "You specified an organizational unit that doesn't exist.");
}

/** The root or a unit, as a parent of others. */
export function parentIn(organization: Organization, id: string | undefined): Unit {
  const unit = organization.units.get(id ?? "");
  if (unit) return unit;
  throw refusal("ParentNotFoundException", "You specified parent that doesn't exist.");
}
