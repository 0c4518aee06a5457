import { createHash } from "node:crypto";
import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import { type Principal, rolePrincipal } from "../../../engine/principal.ts";
import { iamOf } from "../../iam/state.ts";

const policy = (Statement: object): string => JSON.stringify({ Version: "2012-10-17", Statement: [Statement] });

/**
 * As whom a stack set makes its stacks in a member account: a role that StackSets itself puts there, which may do
 * everything (StackSets user guide, "Service-managed permissions": `stacksets-exec-...`).
 */
export function executionRole(aws: EmbeddedAws, account: string): Principal {
  const name = `stacksets-exec-${createHash("md5").update(account).digest("hex")}`;
  const arn = `arn:${aws.partition}:iam::${account}:role/${name}`;
  const { roles } = iamOf(aws, account);
  if (!roles.has(name)) {
    roles.set(name, {
      name,
      path: "/",
      arn,
      id: `AROA${aws.hexId(17).toUpperCase()}`,
      created: aws.clock.now(),
      description: "Role created by AWS CloudFormation StackSets",
      maxSessionDuration: 3600,
      trustPolicy: policy({
        Effect: "Allow",
        Principal: { Service: "member.org.stacksets.cloudformation.amazonaws.com" },
        Action: "sts:AssumeRole",
      }),
      tags: new Map(),
      inline: new Map([["AdministratorAccess", policy({ Effect: "Allow", Action: "*", Resource: "*" })]]),
      attached: new Set(),
      boundary: undefined,
    });
  }
  return rolePrincipal(arn, "AWSCloudFormation");
}
