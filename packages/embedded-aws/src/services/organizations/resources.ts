import type { Authorization, Call } from "../../engine/operation.ts";
import { type MemberAccount, type Organization, type OrganizationNode, organizationWith, refusal } from "./state.ts";

/** The organization of the caller's account. access.ts checks its permission before. */
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

export function unitIn(organization: Organization, id: string | undefined): OrganizationNode {
  const node = organization.units.get(id ?? "");
  if (node?.parent !== undefined) return node;
  throw refusal("OrganizationalUnitNotFoundException", "You specified an organizational unit that doesn't exist.");
}

/** The root or an OU, as a parent of others. */
export function parentIn(organization: Organization, id: string | undefined): OrganizationNode {
  const node = organization.units.get(id ?? "");
  if (node) return node;
  throw refusal("ParentNotFoundException", "You specified parent that doesn't exist.");
}

type Asked = readonly Partial<Authorization>[];
type Context = NonNullable<Authorization["context"]>;

/** The ARN of the requested account; nothing is known of a foreign one, so the resource is any account. */
export const accountResources = ({ aws, account }: Call, id: string | undefined, context: Context = {}): Asked => {
  const arn = organizationWith(aws, account)?.accounts.get(id ?? "")?.arn;
  return [{ resources: [arn ?? "*"], context }];
};

/** The ARN of a root or OU. */
export const parentResources = ({ aws, account }: Call, id: string | undefined, context: Context = {}): Asked => {
  const arn = organizationWith(aws, account)?.units.get(id ?? "")?.arn;
  return [{ resources: [arn ?? "*"], context }];
};

/** The ARN of a policy, with its type for conditions. */
export const policyResources = ({ aws, account }: Call, id: string | undefined): Asked => {
  const policy = organizationWith(aws, account)?.policies.get(id ?? "");
  return [{ resources: [policy?.arn ?? "*"], context: policy ? policyTypeContext(policy.type) : {} }];
};

/** The ARN of any of these. */
export const anyResources = (call: Call, id: string | undefined, context: Context = {}): Asked => {
  if (/^\d{12}$/.test(id ?? "")) return accountResources(call, id, context);
  return /^p-/.test(id ?? "") ? policyResources(call, id) : parentResources(call, id, context);
};

/** Organizations' own condition keys (service authorization reference). */
export const policyTypeContext = (type: string | undefined): Context =>
  type === undefined ? {} : { "organizations:PolicyType": type };

export const servicePrincipalContext = (principal: string | undefined): Context =>
  principal === undefined ? {} : { "organizations:ServicePrincipal": principal };
