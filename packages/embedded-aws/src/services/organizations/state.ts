import type { Membership } from "../../engine/directory.ts";
import { defineState, type EmbeddedAws } from "../../engine/embedded-aws.ts";
import { AwsError } from "../../engine/operation.ts";

export type AccountState = "ACTIVE" | "SUSPENDED" | "PENDING_CLOSURE";

/** The root or an organizational unit. */
export interface OrganizationNode {
  /** `r-...` or `ou-...` */
  readonly id: string;
  readonly arn: string;
  name: string;
  /** Undefined for the root. */
  readonly parent: string | undefined;
  /** Ids of its direct child OUs. */
  readonly units: Set<string>;
  readonly accounts: Set<string>;
}

export interface MemberAccount {
  readonly id: string;
  readonly arn: string;
  readonly name: string;
  readonly email: string;
  status: AccountState;
  /** The management account was INVITED; the others were created in the organization. */
  readonly joined: "INVITED" | "CREATED";
  readonly joinedAt: Date;
  /** By CreateAccount, not by the seed. */
  readonly createdHere?: true;
  /** Id of its root or OU. */
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
  readonly units: Map<string, OrganizationNode>;
  readonly accounts: Map<string, MemberAccount>;
  /** By id of an account, OU, root, policy or resource policy. */
  readonly tags: Map<string, Map<string, string>>;
  readonly creations: Map<string, AccountCreation>;
  /** When accounts were closed, milliseconds since the epoch. */
  readonly closings: number[];
  /** Types that are enabled in the root. */
  readonly policyTypes: Set<PolicyType>;
  /** By id, including AWS's own. */
  readonly policies: Map<string, Policy>;
  /** By type, then by target: ids of policies, for targets whose default attachments were changed. */
  readonly attachments: Map<PolicyType, Map<string, Set<string>>>;
  /** When a policy or an attachment last changed. */
  policiesChangedAt: Date;
  /** Trusted service principals, with the time of trust. */
  readonly trusted: Map<string, Date>;
  /** By account: service principals that it administers, with the time of registration. */
  readonly delegated: Map<string, Map<string, Date>>;
  resourcePolicy: { readonly id: string; readonly arn: string; readonly content: string } | undefined;
}

const organizations = defineState<Organization[]>("organizations", () => []);

/** All organizations, stored outside of any account. */
export const organizationsOf = (aws: EmbeddedAws): Organization[] => aws.state(organizations, "", "");

/** The organization that an account is in. */
export const organizationWith = (aws: EmbeddedAws, account: string): Organization | undefined =>
  organizationsOf(aws).find(({ accounts }) => accounts.has(account));

/** An organization has one root. */
export function rootOf({ units }: Organization): OrganizationNode {
  const [root] = units.values();
  if (!root) throw new Error("An organization has a root");
  return root;
}

/** The nodes from the root down to an OU. */
export function lineOf(organization: Organization, id: string): OrganizationNode[] {
  const line: OrganizationNode[] = [];
  for (
    let node = organization.units.get(id);
    node;
    node = node.parent ? organization.units.get(node.parent) : undefined
  ) {
    line.unshift(node);
  }
  return line;
}

/** `o-.../r-.../ou-.../`: Account.Paths, OrganizationalUnit.Path and the condition key aws:PrincipalOrgPaths. */
export const pathOf = (organization: Organization, id: string): string =>
  [organization.id, ...lineOf(organization, id).map((unit) => unit.id), ""].join("/");

/** ARN of a root, OU or account. */
export const arnOf = (
  { id, managementAccount }: Pick<Organization, "id" | "managementAccount">,
  kind: "root" | "ou" | "account",
  of: string,
): string => `arn:aws:organizations::${managementAccount}:${kind}/${id}/${of}`;

/** Policy types that are built; Organizations has more. */
export const POLICY_TYPES = ["SERVICE_CONTROL_POLICY", "DECLARATIVE_POLICY_EC2"] as const;

export type PolicyType = (typeof POLICY_TYPES)[number];

export interface Policy {
  /** `p-...` */
  readonly id: string;
  readonly arn: string;
  readonly type: PolicyType;
  /** Made and kept by AWS: it can't be changed. */
  readonly awsManaged: boolean;
  name: string;
  description: string;
  /** JSON */
  content: string;
}

export const FULL_ACCESS = "p-FullAWSAccess";

/** Attached to the root and to every OU and account while service control policies are enabled. */
export const fullAccess = (): Policy => ({
  id: FULL_ACCESS,
  arn: `arn:aws:organizations::aws:policy/service_control_policy/${FULL_ACCESS}`,
  type: "SERVICE_CONTROL_POLICY",
  awsManaged: true,
  name: "FullAWSAccess",
  description: "Allows access to every operation",
  content: JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] }),
});

/** Undefined for an account outside every organization. */
export function organizationOf(aws: EmbeddedAws, account: string): Membership | undefined {
  const organization = organizationWith(aws, account);
  const parent = organization?.accounts.get(account)?.parent;
  if (!organization || !parent) return undefined;
  const [, ...units] = lineOf(organization, parent);
  return {
    id: organization.id,
    arn: organization.arn,
    managementAccount: organization.managementAccount,
    units: units.map(({ id, arn }) => ({ id, arn })),
    path: pathOf(organization, parent),
  };
}

/**
 * Codes and meanings are from the Organizations API reference; reasons are its enums. Most messages are the reference's
 * descriptions, since AWS's own are not known.
 */
export const refusal = (code: string, message: string): AwsError => new AwsError(code, message);

export const constraintViolation = (reason: string, message: string): AwsError =>
  new AwsError("ConstraintViolationException", message, { members: { Reason: reason } });

export const invalidInput = (reason: string, message: string): AwsError =>
  new AwsError("InvalidInputException", message, { members: { Reason: reason } });

export const accessDenied = (): AwsError =>
  refusal("AccessDeniedException", "You don't have permissions to access this resource.");

export const targetNotFound = (): AwsError =>
  refusal("TargetNotFoundException", "You specified a target that doesn't exist.");

export const needsAllFeatures = (): AwsError =>
  constraintViolation(
    "ORGANIZATION_NOT_IN_ALL_FEATURES_MODE",
    "This operation requires all features to be enabled in the organization.",
  );

export const notBuilt = (what: string): AwsError =>
  new AwsError("NotImplemented", `organizations: ${what} is not built in the embedded AWS`);
