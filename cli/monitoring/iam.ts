import { Command } from "commander";
import type { EmbeddedAws } from "embedded-aws";
import { matchesPattern, type RoleGrant, roleGrants, unusedGrants } from "embedded-aws/iam";
import { consumerRoleName, rolloutRoleName } from "../../core/names.ts";
import type { Narration } from "../../local/story/open-story.ts";
import { loadFactory } from "../command/load-factory.ts";
import { readBlueprint } from "../command/open-ledger.ts";
import { printFound, printJson, progress } from "../command/print.ts";
import { type ExpectedUnused, expectedUnused } from "./expected-unused.ts";

/** `amint iam`: grants of the factory's roles. */
export const iamCommand = (): Command =>
  new Command("iam").description("check the grants of the factory's roles").addCommand(unusedCommand());

/** `amint iam unused`: runs the example's month and lists grants that nothing used. */
export const unusedCommand = (): Command =>
  new Command("unused")
    .description("run the example's month, about a minute, and list the grants that it never used")
    .action(async ({ json }: { readonly json?: true }) => {
      const factory = await loadFactory();
      const { runMonth } = await import("../../demo/run-month.ts");
      progress("Deploying the factory to the embedded AWS");
      const narration: Narration = { event: ({ time }) => progress(`Month: ${time.slice(0, 10)}`) };
      const { running } = await runMonth({ factory, blueprint: await readBlueprint(), port: 0, narration });
      progress("Comparing grants with calls");
      const report = reportGrants(running.booted.aws, factory.name);
      await running.close();
      progress(undefined);
      if (json) printJson(report);
      else printFound(report, inWords);
      const unexplained = report.unused.filter(({ reason }) => reason === undefined).length;
      if (unexplained > 0) throw new GrantsUnexplained(unexplained);
    });

/** An unused grant must be removed from stacks/ or explained in expected-unused.ts. */
class GrantsUnexplained extends Error {
  override readonly name = "GrantsUnexplained";

  constructor(count: number) {
    super(
      `${count} grant(s) were never used and have no reason.\nfix: remove them from stacks/, or add the reason to cli/monitoring/expected-unused.ts`,
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
    ...needless.map((entry) => `The month used ${entry}: remove it from expected-unused.ts.`),
    `${granted} grants (an action on a resource): ${granted - unused.length} used in a month, ` +
      `${explained} unused for a reason, ${unused.length - explained} unexplained.`,
  ].join("\n");
}

interface UnusedGrant extends Omit<RoleGrant, "roleArn"> {
  readonly role: string;
  /** Undefined if expected-unused.ts has none. */
  readonly reason: string | undefined;
  /** Nothing can use it on the embedded AWS. */
  readonly never: boolean;
}

export interface GrantReport {
  readonly granted: number;
  readonly unused: readonly UnusedGrant[];
  /** Entries of expected-unused.ts that no unused grant matches. */
  readonly needless: readonly string[];
}

/** Grants of the factory's roles that have not been used, with known reasons. */
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
 * Grants of roles that the factory or its StackSet creates, without AWS's own. The StackSet's roles are the same in every
 * account: a grant that one account uses counts as used.
 */
function ownGrants(grants: readonly RoleGrant[], factory: string): ReadonlyMap<string, OwnGrant[]> {
  const everywhere = new Set([consumerRoleName(factory), rolloutRoleName(factory)]);
  const own = grants.flatMap(({ roleArn, resource, ...grant }): OwnGrant[] => {
    const role = roleArn.slice(roleArn.lastIndexOf("/") + 1);
    if (!role.startsWith(`amint-${factory}-`)) return [];
    return [{ ...grant, role, resource: everywhere.has(role) ? resource.replace(/:\d{12}:/, ":*:") : resource }];
  });
  return Map.groupBy(own, ({ role, policy, statement, action, resource }) =>
    [role, policy, statement ?? "all", action, resource].join(" "),
  );
}
