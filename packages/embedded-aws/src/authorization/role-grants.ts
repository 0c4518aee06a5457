import { directoryOf } from "../engine/directory.ts";
import type { EmbeddedAws } from "../engine/embedded-aws.ts";
import { grantsUsed } from "./grants-used.ts";
import { rolePolicies } from "./role-policies.ts";

/** An action on a resource, as an Allow statement of a role's policy writes them. */
export interface RoleGrant {
  readonly roleArn: string;
  /** An inline policy's name, or a managed policy's ARN. */
  readonly policy: string;
  /** Position of the statement in the policy; undefined for a managed policy, which is granted or taken as a whole. */
  readonly statement: number | undefined;
  readonly action: string;
  readonly resource: string;
}

/** Everything that roles are granted. What a statement grants by exclusion stands as `*`. */
export const roleGrants = (aws: EmbeddedAws): RoleGrant[] =>
  [...directoryOf(aws).allRoles(aws)].flatMap(({ arn: roleArn }) =>
    rolePolicies(aws, roleArn).granted.flatMap(({ name: policy, statements }): RoleGrant[] =>
      policy.startsWith("arn:")
        ? [{ roleArn, policy, statement: undefined, action: "*", resource: "*" }]
        : statements
            .filter(({ effect }) => effect === "Allow")
            .flatMap(({ index, actions, resources }) =>
              actions.patterns.flatMap((action) =>
                (resources?.patterns ?? ["*"]).map((resource) => ({
                  roleArn,
                  policy,
                  statement: index,
                  action,
                  resource,
                })),
              ),
            ),
    ),
  );

/** The grants that let no request through so far. */
export function unusedGrants(aws: EmbeddedAws): RoleGrant[] {
  const used = new Set(
    grantsUsed(aws).flatMap((grant) => [
      idOf(grant),
      idOf({ ...grant, statement: undefined, action: "*", resource: "*" }),
    ]),
  );
  return roleGrants(aws).filter((grant) => !used.has(idOf(grant)));
}

const idOf = ({ roleArn, policy, statement, action, resource }: RoleGrant): string =>
  [roleArn, policy, statement ?? "all", action, resource].join(" ");
