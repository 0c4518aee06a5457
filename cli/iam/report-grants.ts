import type { EmbeddedAws } from "../../local/embedded-aws.ts";
import { matchesPattern } from "../../local/iam/match-pattern.ts";
import { type RoleGrant, roleGrants, unusedGrants } from "../../local/iam/role-grants.ts";
import { type ExpectedUnused, expectedUnused } from "./expected-unused.ts";

interface UnusedGrant extends Omit<RoleGrant, "roleArn"> {
  readonly role: string;
  /** Undefined where nobody knows why it is granted. */
  readonly reason: string | undefined;
  /** Nothing can use it on the embedded AWS. */
  readonly never: boolean;
}

export interface GrantReport {
  readonly granted: number;
  readonly unused: readonly UnusedGrant[];
  /** Expectations that no unused grant bears out. */
  readonly needless: readonly string[];
}

/** What an AWS's roles were granted and did not use so far, with the reasons that are known. */
export function reportGrants(aws: EmbeddedAws, factory: string): GrantReport {
  const unused = unusedGrants(aws).map(({ roleArn, ...grant }) => ({
    role: roleArn.slice(roleArn.lastIndexOf("/") + 1),
    ...grant,
  }));
  const holds = (
    expected: ExpectedUnused,
    { role, policy, statement, action, resource }: Omit<UnusedGrant, "reason" | "never">,
  ) =>
    matchesPattern(`amint-${factory}-${expected.role}`, role) &&
    matchesPattern(expected.action, statement === undefined ? policy : action) &&
    matchesPattern(expected.resource ?? "*", resource);
  return {
    granted: roleGrants(aws).length,
    unused: unused.map((grant) => {
      const expected = expectedUnused.find((one) => holds(one, grant));
      return { ...grant, reason: expected?.reason, never: expected?.never === true };
    }),
    needless: expectedUnused
      .filter((expected) => !unused.some((grant) => holds(expected, grant)))
      .map(({ role, action }) => `${role}: ${action}`),
  };
}
