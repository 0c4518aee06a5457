import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { Command } from "commander";
import type { Ledger } from "../../../adapters/ledger/table.ts";
import { type Check, exitCodeOf, fine, unknown } from "../../../core/factory/preflight/check.ts";
import { loadFactory } from "../../command/load-factory.ts";
import { openLedger, patient, readBlueprint } from "../../command/open-ledger.ts";
import { printFound, printJson } from "../../command/print.ts";
import { findBus } from "../check-keys.ts";
import { afterDeployment } from "./after-deployment.ts";
import { type Asked, type ClientIn, runAll } from "./aws-check.ts";
import { beforeDeployment } from "./before-deployment.ts";
import { dryRuns } from "./dry-runs.ts";

/** `amint preflight`: finds what an account would refuse, before the deployment. Read-only. */
export const preflightCommand = (): Command =>
  new Command("preflight")
    .description(
      "check the account before and after the first deployment; exit code 1: something would fail, 2: access denied",
    )
    .action(async ({ json }: { readonly json?: true }) => {
      const [factory, blueprint] = [await loadFactory(), await readBlueprint()];
      const client: ClientIn = (Class, region) => new Class(patient(region));
      const { Account = "", Arn = "" } = await client(STSClient, factory.buildRegion).send(
        new GetCallerIdentityCommand({}),
      );
      const checks = await preflight(
        { factory, blueprint, account: Account, caller: Arn, client },
        openLedger(blueprint),
      );
      const exitCode = exitCodeOf(checks);
      if (json) printJson({ account: Account, exitCode, checks });
      else printFound(checks, report);
      process.exitCode = exitCode;
    });

/** Runs every check that is possible now. */
export async function preflight(asked: Asked, ledger: Ledger): Promise<Check[]> {
  const before = await runAll([...beforeDeployment(asked), ...dryRuns(asked)]);
  const deployed = { check: "deployed", where: asked.factory.name };
  let isDeployed = false;
  const [first] = await runAll([
    {
      ...deployed,
      actions: "events:DescribeEventBus",
      run: async () => {
        isDeployed =
          (await findBus(asked.factory, asked.client(EventBridgeClient, asked.factory.buildRegion))) !== undefined;
        return [fine(deployed, isDeployed ? "yes" : "not yet: builds, alarms and queues are looked at once it is")];
      },
    },
  ]);
  const after = isDeployed ? await runAll(afterDeployment(asked, ledger)) : [];
  return [...before, first ?? unknown(deployed, "not looked at", ""), ...after];
}

const MARKS = { fine: "ok  ", fails: "FAIL", unknown: "?   " } as const;

/** One line for each check. */
function report(checks: readonly Check[]): string {
  const lines = checks.map(({ verdict, check, where, found, breaks, fix }) =>
    [
      `${MARKS[verdict]} ${check} (${where}): ${found}`,
      ...(breaks ? [`would fail: ${breaks}`] : []),
      ...(fix ? [`fix: ${fix}`] : []),
    ].join("; "),
  );
  const count = (verdict: Check["verdict"]) => checks.filter((one) => one.verdict === verdict).length;
  return `${[...lines, `${count("fine")} fine, ${count("fails")} would fail, ${count("unknown")} not checked.`].join("\n")}\n`;
}
