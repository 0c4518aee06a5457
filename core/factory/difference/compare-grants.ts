import type { Blueprint, BlueprintResource } from "../blueprint.ts";
import { nameOfType } from "./type-name.ts";
import { isKeyed, withReferences } from "./value-changes.ts";

/** An action on a resource that a policy allows or denies to a principal. */
export interface Grant {
  /** `role amint-acme-notify`; for resource policies the principal: `service sns.amazonaws.com`. */
  readonly holder: string;
  readonly effect: "Allow" | "Deny";
  /** `kms:Decrypt`; `everything except iam:*` for NotAction; MANAGED if `resource` is a managed policy of the holder. */
  readonly action: string;
  /** An ARN; for `*` in a resource policy, the resource by its logical name. */
  readonly resource: string;
  /** As JSON; absent without a condition. */
  readonly condition?: string;
}

export const MANAGED = "managed policy";

/** Finds the grants that only one side has. */
export function compareGrants(before: Blueprint, now: Blueprint): { added: Grant[]; removed: Grant[] } {
  const [old, current] = [grantsOf(before), grantsOf(now)];
  return { added: without(current, old), removed: without(old, current) };
}

function without(grants: ReadonlyMap<string, Grant>, others: ReadonlyMap<string, Grant>): Grant[] {
  const missing = [...grants].filter(([key]) => !others.has(key));
  return missing.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, grant]) => grant);
}

const grantsOf = ({ resources }: Blueprint): ReadonlyMap<string, Grant> =>
  new Map(resources.flatMap(grantsIn).map((grant) => [keyOf(grant), grant]));

const keyOf = ({ holder, effect, action, resource, condition }: Grant): string =>
  JSON.stringify([holder, effect, action, resource, condition]);

function grantsIn({ type, name, inputs }: BlueprintResource): Grant[] {
  switch (type) {
    case "aws:lambda/permission:Permission":
      return [invocationOf(inputs)];
    case "aws:iam/role:Role": {
      const policies = objectsIn(inputs.inlinePolicies).map(({ policy }) => policy);
      return grantsOfRole(`role ${inputs.name}`, policies, inputs.managedPolicyArns, inputs.assumeRolePolicy);
    }
    case "aws:cloudformation/stackSet:StackSet":
      return grantsInTemplate(String(inputs.name), inputs.templateBody);
    default: {
      const itself = `${nameOfType(type)} ${name}`;
      return objectsIn([inputs.policy]).flatMap((policy) => toGrants(policy, undefined, itself));
    }
  }
}

function grantsOfRole(holder: string, policies: readonly unknown[], managed: unknown, trust: unknown): Grant[] {
  return [
    ...objectsIn(policies).flatMap((policy) => toGrants(policy, holder)),
    ...[managed ?? []]
      .flat()
      .map((arn): Grant => ({ holder, effect: "Allow", action: MANAGED, resource: String(arn) })),
    ...objectsIn([trust]).flatMap((policy) => toGrants(policy, undefined, holder)),
  ];
}

/** Grants of the roles that a StackSet creates in accounts. */
function grantsInTemplate(stackSet: string, template: unknown): Grant[] {
  const resources = isKeyed(template) && isKeyed(template.Resources) ? template.Resources : {};
  const roles = objectsIn(Object.values(resources)).filter(({ Type }) => Type === "AWS::IAM::Role");
  return roles.flatMap(({ Properties }) =>
    objectsIn([Properties]).flatMap(({ RoleName, Policies, ManagedPolicyArns, AssumeRolePolicyDocument }) => {
      const policies = objectsIn(Policies).map(({ PolicyDocument }) => PolicyDocument);
      const holder = `role ${RoleName ?? "of no name"} in accounts of the StackSet ${stackSet}`;
      return grantsOfRole(holder, policies, ManagedPolicyArns, AssumeRolePolicyDocument);
    }),
  );
}

const objectsIn = (list: unknown): Readonly<Record<string, unknown>>[] =>
  Array.isArray(list) ? list.filter(isKeyed) : [];

type Statement = Readonly<Record<string, unknown>>;

/**
 * @param holder default: the principals of the statements
 * @param itself the resource of a resource policy, which its statements need not name
 */
const toGrants = (policy: Statement, holder: string | undefined, itself?: string): Grant[] =>
  objectsIn([policy.Statement].flat()).flatMap((statement) => grantsOfStatement(statement, holder, itself));

function grantsOfStatement(statement: Statement, holder: string | undefined, itself = "*"): Grant[] {
  const { Effect, Condition } = statement;
  const about = listOf(statement, "Resource").map((one) => (one === "*" ? itself : one));
  const rest = {
    effect: Effect === "Deny" ? "Deny" : "Allow",
    ...(isKeyed(Condition) && { condition: withReferences(JSON.stringify(Condition)) }),
  } as const;
  return (holder ? [holder] : principalsOf(statement)).flatMap((one) =>
    listOf(statement, "Action").flatMap((action) =>
      (about.length > 0 ? about : [itself]).map((resource) => ({ holder: one, action, resource, ...rest })),
    ),
  );
}

/** An element of a statement, or its opposite: `Action` or `NotAction`. */
function listOf(statement: Statement, element: string): string[] {
  const texts = (value: unknown) =>
    value === undefined ? [] : [value].flat().map((one) => withReferences(String(one)));
  const except = texts(statement[`Not${element}`]);
  return except.length > 0 ? [`everything except ${except.join(", ")}`] : texts(statement[element]);
}

function principalsOf({ Principal, NotPrincipal }: Statement): string[] {
  const given = Principal ?? NotPrincipal ?? "*";
  const named = isKeyed(given)
    ? Object.entries(given).flatMap(([kind, ids]) =>
        [ids].flat().map((id) => (kind === "Service" ? `service ${id}` : nameOf(id))),
      )
    : [nameOf(given)];
  return NotPrincipal === undefined ? named : [`everyone except ${named.join(", ")}`];
}

const nameOf = (principal: unknown): string =>
  principal === "*" ? "any principal" : withReferences(String(principal));

/** A Lambda permission is one statement of the function's policy. */
function invocationOf(inputs: BlueprintResource["inputs"]): Grant {
  const { principal, action, function: target, ...limits } = inputs;
  const condition = Object.keys(limits).length > 0 ? withReferences(JSON.stringify(limits)) : undefined;
  return {
    holder: String(principal).includes(".amazonaws.") ? `service ${principal}` : withReferences(String(principal)),
    effect: "Allow",
    action: String(action),
    resource: withReferences(String(target)),
    ...(condition && { condition }),
  };
}
