import type { DeploymentTargets } from "@aws-sdk/client-cloudformation";
import type { Organization } from "../../organizations/state.ts";
import { notBuilt, validationError } from "../refusals.ts";

interface Target {
  readonly account: string;
  /** The OU, or the root, through which it is a target. */
  readonly unit: string;
}

/**
 * Accounts below an OU or the root, at any depth, that get stacks: never the management account, nor suspended or
 * closing accounts (StackSets user guide, "Prerequisites", "Service-managed permissions").
 */
export function accountsBelow(organization: Organization, unit: string): string[] {
  const found: string[] = [];
  const open = [unit];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const { accounts, units } = organization.units.get(id) ?? { accounts: [], units: [] };
    for (const account of accounts) if (isDeployable(organization, account)) found.push(account);
    open.push(...[...units].reverse());
  }
  return found;
}

const isDeployable = ({ accounts, managementAccount }: Organization, account: string): boolean =>
  account !== managementAccount && accounts.get(account)?.status === "ACTIVE";

/** The request's OUs, which must exist. @throws AwsError ValidationError, NotImplemented */
export function requireUnits(organization: Organization, targets: DeploymentTargets | undefined): readonly string[] {
  const { OrganizationalUnitIds: ids = [], AccountsUrl } = targets ?? {};
  if (AccountsUrl !== undefined) throw notBuilt("DeploymentTargets with AccountsUrl");
  if (ids.length === 0) {
    throw validationError("OrganizationalUnitIds are required in DeploymentTargets of a SERVICE_MANAGED stack set");
  }
  const unknown = ids.filter((id) => !organization.units.has(id));
  if (unknown.length === 0) return ids;
  throw validationError(`Organizational units not found in organization ${organization.id}: ${unknown.join(", ")}`);
}

/** How a request's accounts apply: only these, all except these, or these in addition. */
export function accountFilter(targets: DeploymentTargets | undefined, creating: boolean): (account: string) => boolean {
  const { Accounts = [], AccountFilterType: type } = targets ?? {};
  const named = new Set(Accounts);
  if (type === undefined && Accounts.length > 0 && creating) {
    throw validationError("AccountFilterType must be specified when both OrganizationalUnitIds and Accounts are");
  }
  if (Accounts.length === 0 && (type === "INTERSECTION" || type === "DIFFERENCE")) {
    throw validationError(`AccountFilterType ${type} wants Accounts`);
  }
  if (type === "UNION" && creating)
    throw validationError("AccountFilterType UNION is not supported for create operations");
  if (type === "UNION") throw notBuilt("AccountFilterType UNION");
  if (type === "INTERSECTION") return (account) => named.has(account);
  return type === "DIFFERENCE" ? (account) => !named.has(account) : () => true;
}

/** The matching accounts of these OUs, once each, with their first OU. */
export function deploymentTargets(
  organization: Organization,
  units: readonly string[],
  means: (account: string) => boolean,
): Target[] {
  const found = new Map<string, Target>();
  for (const ou of units) {
    for (const account of accountsBelow(organization, ou)) {
      if (means(account) && !found.has(account)) found.set(account, { account, unit: ou });
    }
  }
  return [...found.values()];
}
