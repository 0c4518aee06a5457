import { consumerRoleName } from "../../core/names.ts";
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

/** What the factory's roles were granted and did not use so far, with the reasons that are known. */
export function reportGrants(aws: EmbeddedAws, factory: string): GrantReport {
  const granted = ownGrants(roleGrants(aws), factory);
  const unusedSomewhere = ownGrants(unusedGrants(aws), factory);
  const unused = [...unusedSomewhere]
    .filter(([id, { length }]) => length === granted.get(id)?.length)
    .flatMap(([, [grant]]) => grant ?? []);
  const holds = (
    expected: ExpectedUnused,
    { role, policy, statement, action, resource }: Omit<UnusedGrant, "reason" | "never">,
  ) =>
    matchesPattern(`amint-${factory}-${expected.role}`, role) &&
    matchesPattern(expected.action, statement === undefined ? policy : action) &&
    matchesPattern(expected.resource ?? "*", resource);
  return {
    granted: granted.size,
    unused: unused.map((grant) => {
      const expected = expectedUnused.find((one) => holds(one, grant));
      return { ...grant, reason: expected?.reason, never: expected?.never === true };
    }),
    needless: expectedUnused
      .filter((expected) => !unused.some((grant) => holds(expected, grant)))
      .map(({ role, action }) => `${role}: ${action}`),
  };
}

type OwnGrant = Omit<RoleGrant, "roleArn"> & { readonly role: string };

/**
 * Grants of roles that the factory or its StackSet made, not of those that AWS makes. The consumer role is the same in
 * every account: what it uses in one of them is used.
 */
function ownGrants(grants: readonly RoleGrant[], factory: string): ReadonlyMap<string, OwnGrant[]> {
  const own = grants.flatMap(({ roleArn, resource, ...grant }): OwnGrant[] => {
    const role = roleArn.slice(roleArn.lastIndexOf("/") + 1);
    if (!role.startsWith(`amint-${factory}-`)) return [];
    const everywhere = role === consumerRoleName(factory) ? resource.replace(/:\d{12}:/, ":*:") : resource;
    return [{ ...grant, role, resource: everywhere }];
  });
  return Map.groupBy(own, ({ role, policy, statement, action, resource }) =>
    [role, policy, statement ?? "all", action, resource].join(" "),
  );
}
