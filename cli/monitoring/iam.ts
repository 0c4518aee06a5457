import { Command } from "commander";
import type { EmbeddedAws } from "embedded-aws";
import { matchesPattern, type RoleGrant, roleGrants, unusedGrants } from "embedded-aws/iam";
import { consumerRoleName } from "../../core/names.ts";
import { loadFactory } from "../command/load-factory.ts";
import { printFound, printJson } from "../command/print.ts";
import { type ExpectedUnused, expectedUnused } from "./expected-unused.ts";

/** `amint iam`: what the factory's roles may do. */
export const iamCommand = (): Command =>
  new Command("iam").description("look at what the factory's roles may do").addCommand(unusedCommand());

/** `amint iam unused`: lives through the month and says which grants nothing needed. */
export const unusedCommand = (): Command =>
  new Command("unused")
    .description("live through the month and list the grants that were never used")
    .action(async ({ json }: { readonly json?: true }) => {
      const factory = await loadFactory();
      const { runMonth } = await import("../../demo/run-month.ts");
      const { running } = await runMonth({ factory, port: 0 });
      const report = reportGrants(running.booted.aws, factory.name);
      await running.close();
      if (json) printJson(report);
      else printFound(report, inWords);
      const unexplained = report.unused.filter(({ reason }) => reason === undefined).length;
      if (unexplained > 0) throw new GrantsUnexplained(unexplained);
    });

/** Something is granted that nothing needs: take it out of stacks/, or say in expected-unused.ts why it stays. */
class GrantsUnexplained extends Error {
  override readonly name = "GrantsUnexplained";

  constructor(count: number) {
    super(
      `${count} grant(s) were never used and have no reason: take them out of stacks/, or give the reason in cli/monitoring/expected-unused.ts.`,
    );
  }
}

function inWords({ granted, unused, needless }: GrantReport): string {
  const roles = [...new Set(unused.map(({ role }) => role))];
  const explained = unused.filter(({ reason }) => reason !== undefined).length;
  return [
    ...roles.flatMap((role) => [
      role,
      ...unused
        .filter((grant) => grant.role === role)
        .map(({ policy, statement, action, resource, reason }) => {
          const what = statement === undefined ? policy : `${action} on ${resource}`;
          return `  ${what}\n    ${reason ?? "UNEXPLAINED"}`;
        }),
      "",
    ]),
    ...needless.map((entry) => `The month used what ${entry} calls unused: expected-unused.ts can let it go.`),
    `${granted} grants (an action on a resource): ${granted - unused.length} used in a month, ` +
      `${explained} unused for a reason, ${unused.length - explained} unexplained.`,
  ].join("\n");
}

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
