import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { credentialsOf, rolePrincipal, type SessionKeys } from "embedded-aws";
import { grantsOf } from "../architecture/policies.ts";
import { FACTORY } from "./organization.ts";
import { resourcesOf } from "./read-blueprint.ts";
import type { World } from "./world.ts";

type Where = Pick<World, "aws" | "client">;

export const policyOf = (...Statement: object[]): string => JSON.stringify({ Version: "2012-10-17", Statement });

/** @param service such as `lambda`, which assumes the role */
export const trusting = (service: string): string =>
  policyOf({ Effect: "Allow", Principal: { Service: `${service}.amazonaws.com` }, Action: "sts:AssumeRole" });

/** Creates a function's role in the factory's account. @returns credentials of its session */
export async function functionRole({ aws, client }: Where, name: string, policy: string): Promise<SessionKeys> {
  const iam = client(IAMClient);
  await iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: trusting("lambda") }));
  await iam.send(new PutRolePolicyCommand({ RoleName: name, PolicyName: "grants", PolicyDocument: policy }));
  return credentialsOf(aws).issue(rolePrincipal(`arn:aws:iam::${FACTORY}:role/${name}`, "run"));
}

/**
 * Credentials of a function's role, with its deployed permissions.
 * @param role its name in the program, such as `RetireRole`
 * @param renamed the test's image names, by the example's names that they replace
 */
export function roleCredentials(where: Where, role: string, renamed: Readonly<Record<string, string>> = {}) {
  const granted = policyOf(...grantsOf(resourcesOf("Role").find(({ name }) => name === role)!));
  const policy = Object.entries({ acme: "sharing", ...renamed }).reduce(
    (text, [from, to]) => text.replaceAll(from, to),
    granted,
  );
  return functionRole(where, `amint-sharing-${role}`, policy);
}
