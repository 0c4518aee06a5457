import { Command } from "commander";
import { loadFactory } from "../load-factory.ts";
import { runMonth } from "../month/run-month.ts";
import { type GrantReport, reportGrants } from "./report-grants.ts";

/** `amint iam unused`: lives through the month and says which grants nothing needed. */
export const unusedCommand = (): Command =>
  new Command("unused")
    .description("live through the month and list the grants that were never used")
    .option("--json", "one JSON object")
    .action(async ({ json }: { readonly json?: true }) => {
      const factory = await loadFactory();
      const { running } = await runMonth({ factory, port: 0 });
      const report = reportGrants(running.booted.aws, factory.name);
      await running.close();
      process.stdout.write(json ? `${JSON.stringify(report)}\n` : `${inWords(report)}\n`);
      const unexplained = report.unused.filter(({ reason }) => reason === undefined).length;
      if (unexplained > 0) throw new GrantsUnexplained(unexplained);
    });

/** Something is granted that nothing needs: take it out of stacks/, or say in expected-unused.ts why it stays. */
class GrantsUnexplained extends Error {
  override readonly name = "GrantsUnexplained";

  constructor(count: number) {
    super(
      `${count} grant(s) were never used and have no reason: take them out of stacks/, or give the reason in cli/iam/expected-unused.ts.`,
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
