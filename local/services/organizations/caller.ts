import { AwsError } from "../../aws-error.ts";
import type { Call } from "../../operation.ts";
import { type MemberAccount, type Organization, organizationWith, type Unit } from "./state.ts";

/** The organization that the caller's account is in. */
export function ownOrganization({ aws, account }: Call): Organization {
  const organization = organizationWith(aws, account);
  if (organization) return organization;
  throw new AwsError("AWSOrganizationsNotInUseException", "Your account is not a member of an organization.");
}

/** The same for operations that only the management account may ask for; no account is a delegated administrator here. */
export function managedOrganization(call: Call): Organization {
  const organization = ownOrganization(call);
  if (organization.managementAccount === call.account) return organization;
  throw new AwsError("AccessDeniedException", "You don't have permissions to access this resource.");
}

export function accountIn(organization: Organization, id: string | undefined): MemberAccount {
  const account = organization.accounts.get(id ?? "");
  if (account) return account;
  throw new AwsError("AccountNotFoundException", "You specified an account that doesn't exist.");
}

export function unitIn(organization: Organization, id: string | undefined): Unit {
  const unit = organization.units.get(id ?? "");
  if (unit?.parent !== undefined) return unit;
  throw new AwsError("OrganizationalUnitNotFoundException", "You specified an organizational unit that doesn't exist.");
}

/** The root or a unit, as a parent of others. */
export function parentIn(organization: Organization, id: string | undefined): Unit {
  const unit = organization.units.get(id ?? "");
  if (unit) return unit;
  throw new AwsError("ParentNotFoundException", "You specified parent that doesn't exist.");
}
