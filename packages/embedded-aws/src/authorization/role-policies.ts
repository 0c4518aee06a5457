import { directoryOf } from "../engine/directory.ts";
import { defineState, type EmbeddedAws } from "../engine/embedded-aws.ts";
import { parsePolicy, type Statement } from "./policy-document.ts";

interface NamedPolicy {
  /** An inline policy's name, or a managed policy's ARN. */
  readonly name: string;
  readonly statements: readonly Statement[];
}

export interface RolePolicies {
  readonly granted: readonly NamedPolicy[];
  /** Undefined if the role has no permissions boundary. */
  readonly boundary: readonly Statement[] | undefined;
}

const parsedPolicies = defineState("iam.parsed-policies", () => new Map<string, readonly Statement[]>());

/** A policy's statements; each text is parsed once. */
export function statementsOf(aws: EmbeddedAws, text: string): readonly Statement[] {
  const parsed = aws.state(parsedPolicies, "", "");
  const statements = parsed.get(text) ?? parsePolicy(text);
  parsed.set(text, statements);
  return statements;
}

/** The role's own policies. A deleted role has no grants. */
export function rolePolicies(aws: EmbeddedAws, roleArn: string): RolePolicies {
  const directory = directoryOf(aws);
  const role = directory.findRole(aws, roleArn);
  if (!role) return { granted: [], boundary: undefined };
  const managed = (arn: string): readonly Statement[] => {
    const document = directory.findManagedPolicy(aws, arn);
    return document === undefined ? [] : statementsOf(aws, document);
  };
  return {
    granted: [
      ...[...role.inline].map(([name, text]) => ({ name, statements: statementsOf(aws, text) })),
      ...[...role.attached].map((arn) => ({ name: arn, statements: managed(arn) })),
    ],
    boundary: role.boundary === undefined ? undefined : managed(role.boundary),
  };
}
