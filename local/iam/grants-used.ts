import type { EmbeddedAws } from "../embedded-aws.ts";
import { defineState } from "../state.ts";

/** An Allow statement of a role's policy that let a request through. */
export interface GrantUsed {
  readonly roleArn: string;
  /** An inline policy's name, or a managed policy's ARN. */
  readonly policy: string;
  /** Position of the statement in the policy, from 0. */
  readonly statement: number;
  readonly action: string;
  times: number;
}

const definition = defineState("iam.grants-used", () => new Map<string, GrantUsed>());

export function recordGrant(aws: EmbeddedAws, grant: Omit<GrantUsed, "times">): void {
  const used = aws.state(definition, "", "");
  const key = `${grant.roleArn} ${grant.policy} ${grant.statement} ${grant.action}`;
  const known = used.get(key);
  if (known) known.times++;
  else used.set(key, { ...grant, times: 1 });
}

/** Every grant that let at least one request through, in the order of first use. */
export const grantsUsed = (aws: EmbeddedAws): readonly Readonly<GrantUsed>[] => [
  ...aws.state(definition, "", "").values(),
];
