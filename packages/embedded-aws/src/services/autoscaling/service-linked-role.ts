import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { type Principal, rolePrincipal } from "../../engine/principal.ts";
import { iamOf, type Role } from "../iam/state.ts";

/** What the role is called in each account. */
export const AUTO_SCALING_ROLE = "AWSServiceRoleForAutoScaling";
const NAME = AUTO_SCALING_ROLE;
const SERVICE = "autoscaling.amazonaws.com";
const PATH = `/aws-service-role/${SERVICE}/`;
const POLICY = "arn:aws:iam::aws:policy/aws-service-role/AutoScalingServiceRolePolicy";

const trustPolicy = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: SERVICE }, Action: "sts:AssumeRole" }],
});

/**
 * Who Auto Scaling launches and terminates as. The role comes up with an account's first group, and has no rights to
 * customer managed keys (Auto Scaling user guide, "Service-linked roles", "Required AWS KMS key policy").
 */
export function autoScalingPrincipal(aws: EmbeddedAws, account: string): Principal {
  const { arn } = iamOf(aws, account).roles.get(NAME) ?? makeAutoScalingRole(aws, account);
  return rolePrincipal(arn, "AutoScaling");
}

/** As IAM makes it, asked to or by itself with the first group. */
export function makeAutoScalingRole(aws: EmbeddedAws, account: string): Role {
  const role: Role = {
    name: NAME,
    path: PATH,
    arn: `arn:${aws.partition}:iam::${account}:role${PATH}${NAME}`,
    id: `AROA${aws.hexId(17).toUpperCase()}`,
    created: aws.clock.now(),
    description:
      "Default Service-Linked Role enables access to AWS Services and Resources used or managed by Auto Scaling",
    maxSessionDuration: 3600,
    trustPolicy,
    tags: new Map(),
    inline: new Map(),
    attached: new Set([POLICY]),
    boundary: undefined,
  };
  iamOf(aws, account).roles.set(NAME, role);
  return role;
}
