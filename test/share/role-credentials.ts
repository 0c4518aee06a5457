import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { credentialsOf } from "../../local/credentials.ts";
import { rolePrincipal } from "../../local/principal.ts";
import { grantsOf } from "../architecture/policies.ts";
import { resourcesOf } from "../world/read-blueprint.ts";
import { FACTORY, type SharingWorld } from "./world.ts";

/** The example's image that a test's own stands for, and its name there. */
type Renamed = Readonly<Record<string, string>>;

/**
 * Credentials of a function's role, made with the rights that deploy.
 * @param role its name in the program, such as `RetireRole`
 */
export async function roleCredentials(
  { aws, optionsOf }: Pick<SharingWorld, "aws" | "optionsOf">,
  role: string,
  renamed: Renamed = {},
) {
  const iam = new IAMClient(optionsOf(FACTORY));
  const RoleName = `amint-sharing-${role}`;
  const AssumeRolePolicyDocument = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
  });
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  const Statement = grantsOf(resourcesOf("Role").find(({ name }) => name === role)!);
  const PolicyDocument = Object.entries({ acme: "sharing", ...renamed }).reduce(
    (text, [from, to]) => text.replaceAll(from, to),
    JSON.stringify({ Version: "2012-10-17", Statement }),
  );
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "grants", PolicyDocument }));
  return credentialsOf(aws).issue(rolePrincipal(`arn:aws:iam::${FACTORY}:role/${RoleName}`, "run"));
}
