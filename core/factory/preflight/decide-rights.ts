import { type Check, fails, fine, unknown } from "./check.ts";

/** The IAM policy simulator's result for one action. */
export interface Simulated {
  readonly action: string;
  readonly resource: string;
  readonly allowed: boolean;
  /** Condition keys of matching statements whose values the simulation lacks. */
  readonly conditions: readonly string[];
  /** The permissions boundary denies the action. */
  readonly byBoundary: boolean;
}

const MOST_NAMED = 8;

/** Decides whether the config's permissions boundary allows what the stack's roles are granted. */
export function decideBoundary(boundary: string, simulated: readonly Simulated[] | undefined): Check {
  const subject = { check: "permissions-boundary", where: "permissionsBoundary" };
  if (!simulated) return fails(subject, `no policy ${boundary}`, "the deployment", "name a managed policy that exists");
  const refused = simulated.filter(({ allowed }) => !allowed);
  const certain = refused.filter(({ conditions }) => conditions.length === 0);
  const names = (some: readonly Simulated[]) => named([...new Set(some.map(({ action }) => action))]);
  if (certain.length > 0) {
    return fails(
      subject,
      `${boundary} forbids ${names(certain)}`,
      "the factory's functions and builds, which are granted these actions",
      `allow them in the policy, for example: ${certain[0]?.action} on ${certain[0]?.resource}`,
    );
  }
  if (refused.length > 0) {
    const keys = [...new Set(refused.flatMap(({ conditions }) => conditions))];
    return unknown(subject, `${names(refused)} depend on ${keys.join(", ")}`, "check these conditions by hand");
  }
  return fine(subject, `${boundary} allows all that the stack's roles are granted`);
}

/** Decides on the deployer's rights by identity policies and boundary only: SCPs and resource policies may deny more. */
export function decideRights(principal: string, simulated: readonly Simulated[], incomplete?: string): Check {
  const subject = { check: "deployer-rights", where: principal };
  const refused = simulated.filter(({ allowed }) => !allowed);
  const certain = refused.filter(({ conditions }) => conditions.length === 0);
  const actions = new Set(simulated.map(({ action }) => action)).size;
  if (certain.length > 0) {
    const boundary = certain.some(({ byBoundary }) => byBoundary) ? ", some of them by its permissions boundary" : "";
    const names = [...new Set(certain.map(({ action }) => action))];
    return fails(
      subject,
      `${names.length} of ${actions} actions are refused${boundary}: ${named(names)}`,
      "the deployment",
      `allow ${principal} these actions, for example: ${certain[0]?.action} on ${certain[0]?.resource}`,
    );
  }
  if (refused.length > 0) {
    const names = [...new Set(refused.map(({ action }) => action))];
    const keys = [...new Set(refused.flatMap(({ conditions }) => conditions))];
    return unknown(subject, `${named(names)} depend on ${keys.join(", ")}`, "check these conditions by hand");
  }
  if (incomplete !== undefined) {
    return unknown(
      subject,
      `all ${actions} actions that are known are allowed; others are not known, because ${incomplete}`,
      "deploy with an administrator's role",
    );
  }
  return fine(subject, `all ${actions} actions of the deployment are allowed by identity policies`);
}

const named = (actions: readonly string[]): string =>
  actions.length > MOST_NAMED
    ? `${actions.slice(0, MOST_NAMED).join(", ")} and ${actions.length - MOST_NAMED} more`
    : actions.join(", ");

interface RoleFacts {
  /** `instanceRole`, `executionRole`. */
  readonly where: string;
  readonly wanted: string;
  /** Undefined if the role does not exist in the account. */
  readonly found: { readonly trust: string; readonly policies: readonly string[] } | undefined;
  /** Whether each passing principal may pass the role. */
  readonly passing: readonly { readonly by: string; readonly allowed: boolean }[];
}

const TRUSTED: Readonly<Record<string, string>> = {
  instanceRole: "ec2.amazonaws.com",
  executionRole: "imagebuilder.amazonaws.com",
};

/** Managed policies that must be attached to the role (Image Builder user guide, "Prerequisites"). */
const ATTACHED: Readonly<Record<string, readonly string[]>> = { instanceRole: ["AmazonSSMManagedInstanceCore"] };

/** Decides on a role that the config names. */
export function decideRole({ where, wanted, found, passing }: RoleFacts): Check {
  const subject = { check: "roles", where };
  const service = TRUSTED[where] ?? "";
  if (!found) {
    return fails(subject, `no role ${wanted} in the account`, "the deployment", "name a role of the factory's account");
  }
  if (!found.trust.includes(service)) {
    return fails(
      subject,
      `${wanted} does not trust ${service}`,
      "builds: the role cannot be assumed",
      `allow ${service} sts:AssumeRole in its trust policy`,
    );
  }
  const missing = (ATTACHED[where] ?? []).filter((policy) => !found.policies.includes(policy));
  if (missing.length > 0) {
    return fails(
      subject,
      `${wanted} lacks ${missing.join(", ")}`,
      "builds: Systems Manager does not reach the instance",
      `aws iam attach-role-policy --role-name ${wanted.slice(wanted.lastIndexOf("/") + 1)} --policy-arn arn:aws:iam::aws:policy/${missing[0]}`,
    );
  }
  const refused = passing.find(({ allowed }) => !allowed);
  if (refused) {
    return fails(
      subject,
      `${refused.by} may not pass ${wanted} to ${service}`,
      "the deployment, or builds: iam:PassRole is refused",
      `allow ${refused.by} iam:PassRole on ${wanted} with iam:PassedToService ${service}`,
    );
  }
  return fine(subject, `${wanted} trusts ${service} and can be passed to it`);
}
