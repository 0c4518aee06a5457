import { type Check, fails, fine } from "./check.ts";

export interface RoleFacts {
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
