import { Command } from "commander";
import * as z from "zod";
import { askFunction } from "../command/ask-function.ts";
import { factoryNow } from "../command/factory-clock.ts";
import { readBlueprint } from "../command/open-ledger.ts";
import { printJson, say } from "../command/print.ts";

const answer = z.object({ repaired: z.number() });

/** `amint reconcile`: does the hourly run's work now; with `--full`, compares everything. */
export const reconcileCommand = (): Command =>
  new Command("reconcile")
    .description(
      "continue unfinished or overdue work, as the hourly run does; with --full, compare everything with AWS",
    )
    .option(
      "--full",
      "compare permissions, parameters, shares, repositories and keys, too, as once per reconcile.fullComparisonEvery",
    )
    .action(reconcile);

async function reconcile({ full, json }: { readonly full?: true; readonly json?: true }): Promise<void> {
  const event = full ? { wants: "full" } : { scheduledTime: (await factoryNow()).toISOString() };
  const { repaired } = await askFunction(await readBlueprint(), "reconcile", event, answer);
  if (json) {
    printJson({ repaired });
    return;
  }
  const compared = full ? "Everything was compared with AWS. " : "";
  const found =
    repaired === 0
      ? "Nothing to repair."
      : `${repaired} difference${repaired === 1 ? "" : "s"} repaired or reported; a notice names each.`;
  say`${compared}${found}`;
}
