/** The arguments of `aws.iam.getPolicyDocument` that the program uses. */
export interface PolicyArguments {
  readonly statements?: readonly {
    readonly sid?: string;
    readonly effect?: string;
    readonly actions?: readonly string[];
    readonly resources?: readonly string[];
    readonly principals?: readonly { readonly type: string; readonly identifiers: readonly string[] }[];
    readonly conditions?: readonly {
      readonly test: string;
      readonly variable: string;
      readonly values: readonly string[];
    }[];
  }[];
}

/** The JSON that the provider generates from the arguments: IAM's spelling, actions sorted. */
export function policyDocument({ statements = [] }: PolicyArguments): string {
  const Statement = statements.map(({ sid, effect, actions, resources, principals, conditions }) => ({
    ...(sid && { Sid: sid }),
    Effect: effect ?? "Allow",
    ...(principals && { Principal: toPrincipal(principals) }),
    ...(actions && { Action: single([...actions].toSorted()) }),
    ...(resources && { Resource: single(resources) }),
    ...(conditions && conditions.length > 0 && { Condition: toCondition(conditions) }),
  }));
  return JSON.stringify({ Version: "2012-10-17", Statement });
}

type Statement = NonNullable<PolicyArguments["statements"]>[number];

const single = (values: readonly string[]): string | readonly string[] =>
  values.length === 1 ? (values[0] as string) : values;

const toPrincipal = (principals: NonNullable<Statement["principals"]>) =>
  principals.some(({ type }) => type === "*")
    ? "*"
    : Object.fromEntries(principals.map(({ type, identifiers }) => [type, single(identifiers)]));

function toCondition(conditions: NonNullable<Statement["conditions"]>) {
  const tests: Record<string, Record<string, string | readonly string[]>> = {};
  for (const { test, variable, values } of conditions) {
    tests[test] = { ...tests[test], [variable]: single(values) };
  }
  return tests;
}
