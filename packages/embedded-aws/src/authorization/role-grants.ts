import { directoryOf } from "../engine/directory.ts";
import { defineState, type EmbeddedAws } from "../engine/embedded-aws.ts";
import type { Request } from "./evaluate.ts";
import { matchesAction, matchesArn, substituteVariables } from "./match-pattern.ts";
import type { Selection, Statement } from "./policy-document.ts";
import { rolePolicies } from "./role-policies.ts";

/** An action on a resource, as an Allow statement of a role's policy writes them. */
export interface RoleGrant {
  readonly roleArn: string;
  /** An inline policy's name, or a managed policy's ARN. */
  readonly policy: string;
  /**
   * Position of the statement in the policy; undefined for a managed policy, which is granted or removed as a whole.
   */
  readonly statement: number | undefined;
  readonly action: string;
  readonly resource: string;
}

/** Everything that roles are granted. A grant by exclusion is listed as `*`. */
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

/** The grants that have not allowed any request yet. */
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

/** An action and a resource, as an Allow statement of a role's policy names them, that allowed a request. */
interface GrantUsed {
  readonly roleArn: string;
  /** An inline policy's name, or a managed policy's ARN. */
  readonly policy: string;
  /** Position of the statement in the policy, from 0. */
  readonly statement: number;
  /** As the statement writes it; for a statement that excludes (`NotAction`), the requested action. */
  readonly action: string;
  readonly resource: string;
  times: number;
}

const definition = defineState("iam.grants-used", () => new Map<string, GrantUsed>());

interface Grant {
  readonly roleArn: string;
  readonly policy: string;
  readonly statement: Statement;
}

export function recordGrant(aws: EmbeddedAws, { roleArn, policy, statement }: Grant, request: Request): void {
  const used = aws.state(definition, "", "");
  const { index, actions, resources } = statement;
  for (const action of named(actions, request.action, matchesAction)) {
    for (const resource of named(resources, request.resource, (pattern, arn) => covers(pattern, arn, request))) {
      const key = `${roleArn} ${policy} ${index} ${action} ${resource}`;
      const known = used.get(key);
      if (known) known.times++;
      else used.set(key, { roleArn, policy, statement: index, action, resource, times: 1 });
    }
  }
}

/** The statement's patterns that matched a value. */
function named(
  selection: Selection | undefined,
  value: string,
  matches: (pattern: string, value: string) => boolean,
): readonly string[] {
  if (!selection || selection.negated) return [value];
  return selection.patterns.length === 1 ? selection.patterns : selection.patterns.filter((one) => matches(one, value));
}

function covers(pattern: string, arn: string, { context }: Request): boolean {
  const substituted = substituteVariables(pattern, context);
  return substituted !== undefined && matchesArn(substituted, arn);
}

/** Every grant that allowed at least one request, in the order of first use. */
export const grantsUsed = (aws: EmbeddedAws): readonly Readonly<GrantUsed>[] => [
  ...aws.state(definition, "", "").values(),
];
