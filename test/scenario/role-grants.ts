import type { Blueprint, BlueprintResource } from "../../local/deploy/blueprint.ts";

/** One action of one statement of a role's own policy. */
export interface Grant {
  /** The role's name in AWS. */
  readonly role: string;
  readonly policy: string;
  readonly statement: number;
  readonly action: string;
  readonly resources: readonly string[];
}

interface Policy {
  readonly name: string;
  readonly policy: {
    readonly Statement: readonly { readonly Action: string | string[]; readonly Resource: string | string[] }[];
  };
}

const policiesOf = ({ type, inputs }: BlueprintResource): readonly Policy[] =>
  type === "aws:iam/role:Role" ? ((inputs.inlinePolicies as Policy[] | undefined) ?? []) : [];

/** Every grant that a blueprint's roles have of their own, beside AWS's managed policies. */
export const grantsIn = ({ resources }: Blueprint): Grant[] =>
  resources.flatMap((resource) =>
    policiesOf(resource).flatMap(({ name: policy, policy: { Statement } }) =>
      Statement.flatMap(({ Action, Resource }, statement) =>
        [Action].flat().map((action) => ({
          role: String(resource.inputs.name),
          policy,
          statement,
          action,
          resources: [Resource].flat(),
        })),
      ),
    ),
  );

export const inWords = ({ role, action, statement }: Grant): string => `${role}: ${action} (statement ${statement})`;

/** The blueprint with one grant taken away, and its statement or policy where nothing is left of it. */
export const without = (blueprint: Blueprint, grant: Grant): Blueprint => ({
  ...blueprint,
  resources: blueprint.resources.map((resource) =>
    resource.inputs.name === grant.role && policiesOf(resource).length > 0
      ? { ...resource, inputs: { ...resource.inputs, inlinePolicies: taken(policiesOf(resource), grant) } }
      : resource,
  ),
});

const taken = (policies: readonly Policy[], { policy, statement, action }: Grant): object[] =>
  policies
    .map((one) => {
      if (one.name !== policy) return one;
      const Statement = one.policy.Statement.map((said, index) =>
        index === statement ? { ...said, Action: [said.Action].flat().filter((other) => other !== action) } : said,
      ).filter(({ Action }) => Action.length > 0);
      return { ...one, policy: { ...one.policy, Statement } };
    })
    .filter((one) => one.policy.Statement.length > 0);
