import type { EmbeddedAws } from "../src/engine/embedded-aws.ts";
import { accountPrincipal, type Principal, rolePrincipal } from "../src/engine/principal.ts";

/** Policies as IAM reads them. */
export const policy = (...Statement: readonly object[]): string => JSON.stringify({ Version: "2012-10-17", Statement });

/** A statement that allows actions. */
export const allow = (Action: string | readonly string[], Resource: string | readonly string[] = "*") => {
  return { Effect: "Allow", Action, Resource };
};

/** A role's trust policy. @param principal as in a statement, such as `{ Service: "ec2.amazonaws.com" }` */
export const trust = (principal: object | string): string =>
  policy({ Effect: "Allow", Principal: principal, Action: "sts:AssumeRole" });

const root = (account: string) => ({ principal: accountPrincipal(account), region: "us-east-1" });

/** Gives a role these statements as its inline policy, in the place of earlier ones. */
export async function grant(aws: EmbeddedAws, account: string, RoleName: string, ...may: object[]): Promise<void> {
  const input = { RoleName, PolicyName: "own", PolicyDocument: policy(...may) };
  await aws.call("iam", "PutRolePolicy", input, root(account));
}

/**
 * Makes a role with an inline policy of these statements, if there are any.
 * @param trusted as in a statement, such as `{ Service: "ec2.amazonaws.com" }`
 */
export async function makeRole(
  aws: EmbeddedAws,
  account: string,
  RoleName: string,
  trusted: object,
  ...may: object[]
): Promise<Principal> {
  await aws.call("iam", "CreateRole", { RoleName, AssumeRolePolicyDocument: trust(trusted) }, root(account));
  if (may.length > 0) await grant(aws, account, RoleName, ...may);
  return rolePrincipal(`arn:aws:iam::${account}:role/${RoleName}`, "session");
}
