import type { Blueprint, BlueprintResource } from "embedded-aws/deploy";

/** Where in a resource's inputs something is: keys and positions. */
type Path = readonly (string | number)[];

/** One action that one statement of a blueprint allows, or a managed policy that a role has. */
export interface Grant {
  /** `own policy` of a role, `trust policy` of a role, or the `resource policy` of anything else. */
  readonly kind: "own policy" | "managed policy" | "trust policy" | "resource policy";
  /** The blueprint's resource that contains it. */
  readonly holder: BlueprintResource;
  /** As written, with `*`; for a managed policy its ARN. */
  readonly action: string;
  /** Position of the statement in its policy, from 0. */
  readonly statement: number;
  /** As written; empty for trust and managed policies. */
  readonly resources: readonly string[];
  /** For a trust policy: logical names of the blueprint's resources with the role. */
  readonly givenTo: readonly string[];
  /** The blueprint without this grant. */
  without(blueprint: Blueprint): Blueprint;
}

type Stated = Omit<Grant, "givenTo">;

interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action?: string | readonly string[];
  readonly Resource?: string | readonly string[];
}

const ROLE = "aws:iam/role:Role";
const PERMISSION = "aws:lambda/permission:Permission";

/** Every statement of a blueprint that allows something, in whichever resource. */
export const grantsIn = ({ resources }: Blueprint): Grant[] =>
  resources.flatMap((holder) => {
    const givenTo = holder.type === ROLE ? givenRole(resources, holder) : [];
    return [
      ...policiesIn(holder.inputs).flatMap(([path, statements]) => stated(holder, path, statements)),
      ...(holder.type === ROLE ? attached(holder) : []),
      ...(holder.type === PERMISSION ? [permission(holder)] : []),
    ].map((grant) => ({ ...grant, givenTo }));
  });

const givenRole = (resources: readonly BlueprintResource[], { inputs }: BlueprintResource): string[] =>
  resources
    .filter(({ inputs: other }) => JSON.stringify(other).includes(`:role/${inputs.name}"`))
    .map(({ name }) => name);

/** `NotifyRole: dynamodb:PutItem (own policy, statement 0)`: unique, and stable when other grants change. */
export const inWords = ({ holder, action, kind, statement }: Grant): string =>
  `${holder.name}: ${action} (${kind}, statement ${statement})`;

/** The blueprint without several grants. Removes from the end, because a removal shifts later statements. */
export const withoutAll = (blueprint: Blueprint, grants: readonly Grant[]): Blueprint =>
  grants.toSorted((a, b) => b.statement - a.statement).reduce((less, grant) => grant.without(less), blueprint);

/** Policy documents in a resource's inputs, with their paths. A policy as text would be missed, so it is refused. */
function policiesIn(value: unknown, path: Path = []): [Path, readonly Statement[]][] {
  if (typeof value === "string" && /"Statement"/.test(value)) {
    throw new Error(`The blueprint has a policy as text at ${path.join(".")}; as an object its grants could be tried.`);
  }
  if (typeof value !== "object" || value === null) return [];
  const { Statement } = value as { Statement?: readonly Statement[] };
  if (Array.isArray(Statement)) return [[path, Statement]];
  const isList = Array.isArray(value);
  return Object.entries(value).flatMap(([key, inner]) => policiesIn(inner, [...path, isList ? Number(key) : key]));
}

function stated(holder: BlueprintResource, path: Path, statements: readonly Statement[]): Stated[] {
  return statements.flatMap(({ Effect, Action, Resource }, statement): Stated[] => {
    if (Effect !== "Allow") return [];
    if (Action === undefined) throw new Error(`${holder.name}: statement ${statement} allows by NotAction`);
    const actions = [Action].flat();
    return actions.map((action) => ({
      kind: holder.type !== ROLE ? "resource policy" : path[0] === "assumeRolePolicy" ? "trust policy" : "own policy",
      holder,
      action,
      statement,
      resources: Resource === undefined ? [] : [Resource].flat(),
      without: changing(holder, (inputs) =>
        changed(inputs, [...path, "Statement"], (said) => less(said as Statement[], statement, action)),
      ),
    }));
  });
}

/** Removes a statement that no longer allows anything. */
const less = (statements: readonly Statement[], at: number, action: string): Statement[] =>
  statements.flatMap((said, index) => {
    if (index !== at) return said;
    const left = [said.Action ?? []].flat().filter((other) => other !== action);
    return left.length ? { ...said, Action: left } : [];
  });

const attached = (holder: BlueprintResource): Stated[] =>
  ((holder.inputs.managedPolicyArns as string[] | undefined) ?? []).map((arn, statement) => ({
    kind: "managed policy",
    holder,
    action: arn,
    statement,
    resources: [],
    without: changing(holder, (inputs) =>
      changed(inputs, ["managedPolicyArns"], (arns) => (arns as string[]).filter((other) => other !== arn)),
    ),
  }));

const permission = (holder: BlueprintResource): Stated => ({
  kind: "resource policy",
  holder,
  action: String(holder.inputs.action),
  statement: 0,
  resources: [String(holder.inputs.function)],
  without: (blueprint) => ({ ...blueprint, resources: blueprint.resources.filter(({ name }) => name !== holder.name) }),
});

type Inputs = BlueprintResource["inputs"];

const changing =
  ({ name, type }: BlueprintResource, change: (inputs: Inputs) => unknown) =>
  (blueprint: Blueprint): Blueprint => ({
    ...blueprint,
    resources: blueprint.resources.map((resource) =>
      resource.name === name && resource.type === type
        ? { ...resource, inputs: change(resource.inputs) as Inputs }
        : resource,
    ),
  });

/** A copy that differs at one place. */
function changed(value: unknown, [key, ...rest]: Path, change: (value: unknown) => unknown): unknown {
  if (key === undefined) return change(value);
  if (Array.isArray(value)) return value.map((one, index) => (index === key ? changed(one, rest, change) : one));
  const object = value as Record<string, unknown>;
  return { ...object, [key]: changed(object[key], rest, change) };
}
