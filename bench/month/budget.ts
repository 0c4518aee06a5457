import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { Command } from "commander";
import * as z from "zod";
import { days } from "../../demo/story.ts";
import { committedFiles, linesByLayer } from "../house/lines.ts";
import { sumOf } from "./count.ts";
import { type MeasuredMonth, measureMonth } from "./measure.ts";
import { isRecorded, MEASURED, writeMeasured } from "./measured-month.ts";

export const BUDGET = "bench/budget.json";

const counts = z.record(z.string(), z.int().positive());

const budget = z.strictObject({
  /** By layer of the tree (`bench/house/lines.ts`). */
  lines: counts,
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

type Budget = z.output<typeof budget>["month"] & { readonly lines: z.output<typeof counts> };

/** @throws ZodError for a file of another shape */
export function readBudget(file: string): Budget {
  const { month, lines } = budget.parse(JSON.parse(readFileSync(file, "utf8")));
  return { ...month, lines };
}

const MONTH = ["calls", "invocations", "transitions"] as const;

/** What is counted: the same in each run. */
type Counted = Pick<Budget, (typeof MONTH)[number]>;

export const countsOf = ({ calls, invocations, transitions }: MeasuredMonth): Counted => ({
  calls: calls.byCaller,
  invocations,
  transitions,
});

/** Each count above its budget, as a line; a new caller, and a new layer, has none. */
export function overspent(found: Partial<Counted & Pick<Budget, "lines">>, allowed: Budget): string[] {
  return ([...MONTH, "lines"] as const).flatMap((kind) =>
    Object.entries(found[kind] ?? {}).flatMap(([name, count]) => {
      const most = allowed[kind][name] ?? 0;
      return count > most ? [`${kind} of ${name}: ${count}, the budget is ${most}`] : [];
    }),
  );
}

/** The limits, raised to the counts that exceed them: what a change does not need, it does not move. */
export const raised = (allowed: Budget["lines"], found: Budget["lines"]): Budget["lines"] =>
  Object.fromEntries(Object.entries(found).map(([layer, count]) => [layer, Math.max(count, allowed[layer] ?? 0)]));

/** Each sum with its budget, as a line. */
const sums = (found: Counted, allowed: Budget): string[] =>
  MONTH.map((kind) => `${kind.padEnd(12)}${String(sumOf(found[kind])).padStart(8)} of ${sumOf(allowed[kind])}`);

function write(found: Counted, lines: Budget["lines"]): void {
  const text = JSON.parse(readFileSync(BUDGET, "utf8"));
  const next = { lines: raised(text.lines, lines), month: { ...text.month, ...found } };
  writeFileSync(BUDGET, `${JSON.stringify(next, undefined, 2)}\n`);
}

if (import.meta.main) {
  const { write: isWritten, again: isSecond } = new Command("node bench/month/budget.ts")
    .description(
      `Counts the tree's lines and the example month's calls, invocations and state transitions; fails if ${BUDGET} allows fewer.`,
    )
    .option(
      "--write",
      `write the month's counts to ${BUDGET} and ${MEASURED}, and raise limits of lines that are exceeded`,
    )
    .option("--again", "a second run after one that failed; its result counts")
    .parse()
    .opts<{ write?: true; again?: true }>();
  const lines = linesByLayer(".", committedFiles("."));
  const measured = await measureMonth(days);
  const found = countsOf(measured);
  if (isWritten) {
    write(found, lines);
    writeMeasured(measured.use);
    // In a process of its own, which reads what was just written.
    execFileSync(process.execPath, ["stacks/factory/reference.mjs"], { stdio: "inherit" });
  }
  const allowed = readBudget(BUDGET);
  const over = overspent(found, allowed);
  for (const line of [...sums(found, allowed), ...over]) console.log(line);
  const long = overspent({ lines }, allowed);
  if (!isSecond) for (const line of long) console.log(line);
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
  if (long.length > 0 && !isSecond) {
    console.error(
      `The tree is longer than ${BUDGET} allows. Shorten it or, if the feature is worth it, raise the limits with --write, and say why.`,
    );
    process.exitCode ||= 1;
  }
  // The embedded AWS has timers that nothing awaits.
  process.exit();
}
