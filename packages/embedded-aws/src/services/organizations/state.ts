import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { defineState } from "../../engine/state.ts";
import type { Policy, PolicyType } from "./policy.ts";

export type AccountState = "ACTIVE" | "SUSPENDED" | "PENDING_CLOSURE";

/** The root or an organizational unit. */
export interface Unit {
  /** `r-...` or `ou-...` */
  readonly id: string;
  readonly arn: string;
  name: string;
  /** Undefined for the root. */
  readonly parent: string | undefined;
  /** Ids of what lies directly in it. */
  readonly units: Set<string>;
  readonly accounts: Set<string>;
}

export interface MemberAccount {
  readonly id: string;
  readonly arn: string;
  readonly name: string;
  readonly email: string;
  status: AccountState;
  /** The management account was there first; the others were created in the organization. */
  readonly joined: "INVITED" | "CREATED";
  readonly joinedAt: Date;
  /** By CreateAccount, not by the seed. */
  readonly createdHere?: true;
  /** Id of the root or unit that it lies in. */
  parent: string;
}

/** A request of CreateAccount. */
export interface AccountCreation {
  /** `car-...` */
  readonly id: string;
  readonly accountName: string;
  readonly requestedAt: Date;
  state: "IN_PROGRESS" | "SUCCEEDED" | "FAILED";
  completedAt?: Date;
  accountId?: string;
  failureReason?: "EMAIL_ALREADY_EXISTS" | "ACCOUNT_LIMIT_EXCEEDED" | undefined;
}

export interface Organization {
  /** `o-...` */
  readonly id: string;
  readonly arn: string;
  readonly managementAccount: string;
  readonly featureSet: "ALL" | "CONSOLIDATED_BILLING";
  /** The root first. */
  readonly units: Map<string, Unit>;
  readonly accounts: Map<string, MemberAccount>;
  /** By the id of an account, unit, root, policy, resource policy. */
  readonly tags: Map<string, Map<string, string>>;
  readonly creations: Map<string, AccountCreation>;
  /** When accounts were closed, milliseconds since the epoch. */
  readonly closings: number[];
  /** Types that are enabled in the root. */
  readonly policyTypes: Set<PolicyType>;
  /** By id; AWS's own among them. */
  readonly policies: Map<string, Policy>;
  /** By type, then by target: ids of policies, where somebody changed what AWS attaches itself. */
  readonly attachments: Map<PolicyType, Map<string, Set<string>>>;
  /** When a policy or an attachment last changed. */
  policiesChangedAt: Date;
  /** Service principals that are trusted, since when. */
  readonly trusted: Map<string, Date>;
  /** By account: service principals that it administers, since when. */
  readonly delegated: Map<string, Map<string, Date>>;
  resourcePolicy: { readonly id: string; readonly arn: string; readonly content: string } | undefined;
}

const organizations = defineState<Organization[]>("organizations", () => []);

/** All organizations: they belong to no single account, so they are kept outside of all. */
export const organizationsOf = (aws: EmbeddedAws): Organization[] => aws.state(organizations, "", "");

/** The organization that an account is in. */
export const organizationWith = (aws: EmbeddedAws, account: string): Organization | undefined =>
  organizationsOf(aws).find(({ accounts }) => accounts.has(account));

/** An organization has one root. */
export function rootOf({ units }: Organization): Unit {
  const [root] = units.values();
  if (!root) throw new Error("An organization has a root");
  return root;
}

/** The units from the root down to one; the root is the first. */
export function lineOf(organization: Organization, id: string): Unit[] {
  const line: Unit[] = [];
  for (
    let unit = organization.units.get(id);
    unit;
    unit = unit.parent ? organization.units.get(unit.parent) : undefined
  ) {
    line.unshift(unit);
  }
  return line;
}

/** `o-.../r-.../ou-.../`: Account.Paths, OrganizationalUnit.Path and the condition key aws:PrincipalOrgPaths. */
export const pathOf = (organization: Organization, id: string): string =>
  [organization.id, ...lineOf(organization, id).map((unit) => unit.id), ""].join("/");

/** ARN of a root, unit or account. */
export const arnOf = (
  { id, managementAccount }: Pick<Organization, "id" | "managementAccount">,
  kind: "root" | "ou" | "account",
  of: string,
): string => `arn:aws:organizations::${managementAccount}:${kind}/${id}/${of}`;
