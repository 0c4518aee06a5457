import { Command } from "commander";
import {
  type Change,
  carryOver,
  type Direction,
  finishMigration,
  type Plan,
  planMigration,
  readTable,
  stopFinishing,
} from "../../adapters/ledger/migration.ts";
import type { Ledger } from "../../adapters/ledger/table.ts";
import { announceWork, workKinds } from "../../adapters/repair/drift-checks.ts";
import type { Key } from "../../core/ledger/kinds.ts";
import { factoryNow } from "../command/factory-clock.ts";
import { openLedger, readBlueprint } from "../command/open-ledger.ts";
import { printFound, printJson } from "../command/print.ts";

interface Options {
  readonly json?: true;
  readonly plan?: true;
  readonly back?: true;
  readonly finish?: true;
  readonly despiteConflicts?: true;
}

/** `amint ledger migrate`: migrates the records to one partition per kind, or back. */
export const migrateCommand = (): Command =>
  new Command("migrate")
    .description("migrate the ledger's records to one partition per kind: before the deployment, and again after it")
    .option("--plan", "show what would be done, and change nothing")
    .option("--back", "migrate them back to the former layout, for the former program")
    .option("--finish", "after the deployment and a complete migration, remove the records in the other layout")
    .option(
      "--despite-conflicts",
      "with --finish: keep the deployed program's version of records that both programs changed",
    )
    .action(async (options: Options) => {
      const done = await migrate(openLedger(await readBlueprint()), options);
      if (options.json) printJson(done);
      else printFound(done.lines, (lines) => lines);
      if (!done.complete) process.exitCode = 1;
    });

/** @returns the result for the terminal, and whether the migration is complete */
export async function migrate(
  ledger: Ledger,
  { plan: only, back, finish, despiteConflicts }: Options,
): Promise<{ readonly lines: readonly string[]; readonly complete: boolean }> {
  const direction: Direction = back ? "back" : "forth";
  const plan = planMigration(await readTable(ledger), direction);
  if (only) return { lines: sayPlan(plan), complete: plan.conflicts.length === 0 };
  const late = await carryAllOver(ledger, plan);
  // The former layout does not announce waiting records and requested checks.
  for (const work of back ? [] : workKinds) await announceWork(ledger, work, (await factoryNow()).toISOString());
  const after = planMigration(await readTable(ledger), direction);
  const open = after.changes.length;
  const lines = [...sayPlan(plan), ...sayAfter(after, late)];
  const overtaken = after.finishing !== undefined && after.finishing !== direction;
  if (overtaken && open === 0) await stopFinishing(ledger);
  if (!finish && after.finishing === direction) {
    return { lines: [...lines, "--finish was interrupted: run it again."], complete: false };
  }
  if (!finish) return { lines, complete: open === 0 && after.conflicts.length === 0 };
  if (open > 0 || (after.conflicts.length > 0 && !despiteConflicts)) {
    return { lines: [...lines, "Not finished: no record was removed."], complete: false };
  }
  const left = await finishMigration(ledger, direction, after);
  const gone = `Finished: ${after.done.length + after.conflicts.length - left} records of the other layout are removed.`;
  return {
    lines: [...lines, left > 0 ? `${left} records changed meanwhile and remain: run --finish again.` : gone],
    complete: left === 0,
  };
}

/** Concurrent writes; the table accepts more. */
const AT_ONCE = 10;

/** @returns how many records changed meanwhile */
async function carryAllOver(ledger: Ledger, plan: Plan): Promise<number> {
  let late = 0;
  for (let next = 0; next < plan.changes.length; next += AT_ONCE) {
    const some = plan.changes.slice(next, next + AT_ONCE);
    const carried = await Promise.all(some.map((change) => carryOver(ledger, change, plan)));
    late += carried.filter((one) => !one).length;
  }
  return late;
}

function sayPlan({ changes, conflicts, unknown, done }: Plan): string[] {
  const count = (act: Change["act"]) => changes.filter((one) => one.act === act).length;
  const same = done.length - count("put") - changes.filter(({ act, item }) => act === "note" && item).length;
  return [
    `To migrate: ${count("put")} records; to remove: ${count("remove")}; already equal: ${count("note")}; already migrated: ${same}.`,
    ...list(conflicts.map(({ from, to }) => `Both programs changed it: ${say(to)} is kept, ${say(from)} is ignored`)),
    ...list(unknown.map((key) => `Unknown kind, not changed: ${say(key)}`)),
  ];
}

const sayAfter = ({ changes }: Plan, late: number): string[] =>
  changes.length > 0
    ? [`${changes.length} records changed meanwhile (${late} of them during the write): run the command again.`]
    : [];

const say = ({ pk, sk }: Key): string => `"${pk}" "${sk}"`;

const MOST_NAMED = 20;

const list = (lines: readonly string[]): string[] =>
  lines.length > MOST_NAMED ? [...lines.slice(0, MOST_NAMED), `and ${lines.length - MOST_NAMED} more`] : [...lines];
