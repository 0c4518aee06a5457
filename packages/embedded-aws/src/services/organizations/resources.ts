import type { Tag } from "@aws-sdk/client-organizations";
import type { Authorization, Call } from "../../engine/operation.ts";
import {
  constraintViolation,
  invalidInput,
  type MemberAccount,
  type Organization,
  type OrganizationNode,
  organizationWith,
  refusal,
  targetNotFound,
} from "./state.ts";

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

/** Limit for an account, OU, root or policy (Organizations user guide, "Quotas"). */
const MOST_TAGS = 50;

/** The tags of an account, OU, root or policy, which callers may change. @throws TargetNotFoundException */
export function tagsOf(
  { accounts, units, policies, resourcePolicy, tags }: Organization,
  id = "",
): Map<string, string> {
  const known = accounts.has(id) || units.has(id) || resourcePolicy?.id === id;
  if (!known && policies.get(id)?.awsManaged !== false) throw targetNotFound();
  const found = tags.get(id) ?? new Map<string, string>();
  tags.set(id, found);
  return found;
}

export const pairsOf = (tags: readonly Tag[] | undefined): [string, string][] =>
  (tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value]);

/** @throws InvalidInputException, ConstraintViolationException */
export function checkTags(after: ReadonlyMap<string, string>, added: readonly (readonly [string, string])[]): void {
  if (added.some(([key]) => key.startsWith("aws:"))) {
    throw invalidInput("INVALID_SYSTEM_TAGS_PARAMETER", "You specified a tag key that is a system tag.");
  }
  if (new Set(added.map(([key]) => key)).size < added.length) {
    throw invalidInput("DUPLICATE_TAG_KEY", "Tag keys must be unique among the tags attached to the same entity.");
  }
  if (after.size > MOST_TAGS) {
    throw constraintViolation("MAX_TAG_LIMIT_EXCEEDED", `A resource can have ${MOST_TAGS} tags at most.`);
  }
}

/** Adds tags to the existing ones. @throws InvalidInputException, ConstraintViolationException */
export function setTags(organization: Organization, id: string, tags: readonly Tag[] | undefined): void {
  const added = pairsOf(tags);
  const after = new Map([...(organization.tags.get(id) ?? []), ...added]);
  checkTags(after, added);
  if (added.length > 0) organization.tags.set(id, after);
}
