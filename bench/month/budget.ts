import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { Command } from "commander";
import * as z from "zod";
import { days } from "../../demo/story.ts";
import { sumOf } from "./count.ts";
import { type MeasuredMonth, measureMonth } from "./measure.ts";
import { isRecorded, MEASURED, writeMeasured } from "./measured-month.ts";

export const BUDGET = "bench/budget.json";

const counts = z.record(z.string(), z.int().positive());

const budget = z.strictObject({
  /** The example's month, `npm start`. */
  month: z.strictObject({
    /** AWS calls by caller, after the deployment. */
    calls: counts,
    /** By function. */
    invocations: counts,
    /** By state machine. */
    transitions: counts,
    /** Reachable memory at the end, in MiB. */
    heapMiB: z.number().positive(),
    /** The process's memory at its largest, with the options of `npm start`, in MiB. */
    residentMiB: z.number().positive(),
    /** Processor time, as a multiple of the calibration loop's (`bench/measure/calibrate.ts`). */
    processor: z.number().positive(),
  }),
});

type MonthBudget = z.output<typeof budget>["month"];

/** @throws ZodError for a file of another shape */
export const readBudget = (file: string): MonthBudget => budget.parse(JSON.parse(readFileSync(file, "utf8"))).month;

/** What is counted: the same in each run. */
type Counted = Pick<MonthBudget, "calls" | "invocations" | "transitions">;

const KINDS = ["calls", "invocations", "transitions"] as const;

export const countsOf = ({ calls, invocations, transitions }: MeasuredMonth): Counted => ({
  calls: calls.byCaller,
  invocations,
  transitions,
});

/** Each count above its budget, as a line; a new caller has none. */
export function overspent(found: Counted, allowed: Counted): string[] {
  return KINDS.flatMap((kind) =>
    Object.entries(found[kind]).flatMap(([name, count]) => {
      const most = allowed[kind][name] ?? 0;
      return count > most ? [`${kind} of ${name}: ${count}, the budget is ${most}`] : [];
    }),
  );
}

/** Each sum with its budget, as a line. */
const sums = (found: Counted, allowed: Counted): string[] =>
  KINDS.map((kind) => `${kind.padEnd(12)}${String(sumOf(found[kind])).padStart(8)} of ${sumOf(allowed[kind])}`);

function write(found: Counted): void {
  const text = JSON.parse(readFileSync(BUDGET, "utf8"));
  writeFileSync(BUDGET, `${JSON.stringify({ ...text, month: { ...text.month, ...found } }, undefined, 2)}\n`);
}

if (import.meta.main) {
  const { write: isWritten, again: isSecond } = new Command("node bench/month/budget.ts")
    .description(
      `Counts the example month's calls, invocations and state transitions; fails if ${BUDGET} allows fewer.`,
    )
    .option("--write", `write the counts to ${BUDGET} and ${MEASURED}`)
    .option("--again", "a second run after one that failed; its result counts")
    .parse()
    .opts<{ write?: true; again?: true }>();
  const measured = await measureMonth(days);
  const found = countsOf(measured);
  if (isWritten) {
    write(found);
    writeMeasured(measured.use);
    // In a process of its own, which reads what was just written.
    execFileSync(process.execPath, ["stacks/factory/reference.mjs"], { stdio: "inherit" });
  }
  const allowed = readBudget(BUDGET);
  const over = overspent(found, allowed);
  for (const line of [...sums(found, allowed), ...over]) console.log(line);
  if (over.length > 0) {
    console.error(
      `The month exceeds ${BUDGET}. If the feature is worth it, write the counts with --write, and say why.`,
    );
    process.exitCode = 1;
  }
  if (!isRecorded(measured.use)) {
    console.error(`${MEASURED} is out of date; write it, and the bill, with --write.`);
    process.exitCode = 1;
  }
  // Once, on a machine with a load of ten, a run had a failed promotion more than all others; the cause is not known.
  if (process.exitCode === 1 && !isSecond) {
    console.error("The month runs again: counts that differ between two runs are a defect of the embedded AWS.");
    process.exitCode = spawnSync(process.execPath, [import.meta.filename, "--again"], { stdio: "inherit" }).status ?? 1;
  }
  // The embedded AWS has timers that nothing awaits.
  process.exit();
}
