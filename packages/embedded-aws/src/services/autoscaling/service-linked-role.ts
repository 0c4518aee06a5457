import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { type Principal, rolePrincipal } from "../../engine/principal.ts";
import { makeServiceLinkedRole } from "../iam/service-linked-roles.ts";
import { iamOf } from "../iam/state.ts";

/** The role's name in each account. */
const AUTO_SCALING_ROLE = "AWSServiceRoleForAutoScaling";

/**
 * The principal that launches and terminates for Auto Scaling. The role is created with an account's first group, and
 * cannot use customer managed keys (Auto Scaling user guide, "Service-linked roles", "Required AWS KMS key policy").
 */
export function autoScalingPrincipal(aws: EmbeddedAws, account: string): Principal {
  const known = iamOf(aws, account).roles.get(AUTO_SCALING_ROLE);
  const { arn } = known ?? makeServiceLinkedRole(aws, account, "autoscaling.amazonaws.com");
  return rolePrincipal(arn, "AutoScaling");
}
