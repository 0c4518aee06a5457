import type { EmbeddedAws } from "../engine/embedded-aws.ts";
import { defineState } from "../engine/state.ts";
import type { Request } from "./evaluate.ts";
import { matchesAction, matchesArn, substituteVariables } from "./match-pattern.ts";
import type { Selection, Statement } from "./policy-document.ts";

/** An action and a resource, as an Allow statement of a role's policy names them, that let a request through. */
export interface GrantUsed {
  readonly roleArn: string;
  /** An inline policy's name, or a managed policy's ARN. */
  readonly policy: string;
  /** Position of the statement in the policy, from 0. */
  readonly statement: number;
  /** As the statement writes it; of a statement that excludes (`NotAction`), what was asked for. */
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

/** Which of a statement's patterns a value was allowed by. */
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

/** Every grant that let at least one request through, in the order of first use. */
export const grantsUsed = (aws: EmbeddedAws): readonly Readonly<GrantUsed>[] => [
  ...aws.state(definition, "", "").values(),
];
