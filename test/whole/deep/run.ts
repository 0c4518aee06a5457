import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { DURATIONS, type Part, partsOf, type Recorded } from "./parts.ts";
import { reportLines } from "./report.ts";
import { addRuns, CACHED, type LastRun, newest, RECORDED, readRuns, toLastRun } from "./results.ts";
import { commitsSince, testedRevision } from "./revision.ts";
import { commandOf, type PartResult, runPart } from "./run-part.ts";
import { endsInTime, ordered, type Turn } from "./schedule.ts";
import { suites } from "./suites.ts";

interface Ran {
  readonly results: readonly PartResult[];
  /** Parts that did not fit into the time. */
  readonly left: readonly Part[];
}

/**
 * Runs parts in the seed's order, one per lane at a time, and starts none that cannot end in time.
 * @param turn without `minutes` all parts run
 * @param hear receives each result as soon as it is available
 */
async function runTurn(
  parts: readonly Part[],
  turn: Omit<Turn, "minutes"> & { readonly minutes: number | undefined },
  hear: (result: PartResult) => void,
): Promise<Ran> {
  const { seed, lanes, minutes } = turn;
  const queue = minutes === undefined ? [...parts] : ordered(parts, { seed, lanes, minutes });
  const end = performance.now() / 1000 + (minutes ?? Number.POSITIVE_INFINITY) * 60;
  const results: PartResult[] = [];

  const lane = async (): Promise<void> => {
    for (;;) {
      const left = end - performance.now() / 1000;
      const next = queue.findIndex((part) => endsInTime(part, left, slownessOf(results)));
      if (next < 0) return;
      const [part] = queue.splice(next, 1);
      if (!part) return;
      const result = await runPart(part, seed, slownessOf(results));
      results.push(result);
      hear(result);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return { results, left: queue };
}

/** How many times slower this machine is than the recording one, from the parts run so far; at least 1. */
function slownessOf(results: readonly PartResult[]): number {
  const recorded = results.reduce((sum, { part }) => sum + part.seconds, 0);
  const taken = results.reduce((sum, { seconds }) => sum + seconds, 0);
  return recorded > 0 ? Math.max(1, taken / recorded) : 1;
}

/** Writes the durations of listed suites' files if all of their parts ran and passed. */
function record(results: readonly PartResult[]): void {
  const recorded: Record<string, Recorded> = JSON.parse(readFileSync(DURATIONS, "utf8"));
  const byFile = Map.groupBy(
    results.filter(({ part }) => "AMINT_TESTS" in part.env),
    ({ part }) => part.files[0] ?? "",
  );
  for (const [file, parts] of byFile) {
    const [, of] = (parts[0]?.part.env.AMINT_TESTS ?? "").split("/");
    if (parts.length !== Number(of) || parts.some(({ failed }) => failed > 0)) continue;
    recorded[file] = {
      seconds: Math.round(parts.reduce((sum, { seconds }) => sum + seconds, 0)),
      tests: parts.reduce((sum, { passed, skipped }) => sum + passed + skipped.length, 0),
    };
  }
  const sorted = Object.entries(recorded).sort(([one], [other]) => one.localeCompare(other));
  const lines = sorted.map(([file, { seconds, tests }]) => `  "${file}": { "seconds": ${seconds}, "tests": ${tests} }`);
  writeFileSync(DURATIONS, `{\n${lines.join(",\n")}\n}\n`);
}

/** File with the counts for CI. */
const RESULTS = "node_modules/.cache/amint/deep-results.json";
/** Without `--minutes`, `--all` or the names of suites. */
const USUAL_MINUTES = 5;

const wholeNumber = (text: string): number => {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 0) throw new InvalidArgumentError("It is not a whole number from 0.");
  return number;
};
const minutesOf = (text: string): number => {
  const minutes = Number(text);
  if (!(minutes > 0)) throw new InvalidArgumentError("It is not a number of minutes.");
  return minutes;
};

interface Options {
  readonly minutes?: number;
  readonly seed?: number;
  readonly lanes: number;
  readonly all?: true;
  readonly list?: true;
  readonly report?: true;
  readonly record?: true;
}

const program = new Command("npm run test:deep --")
  .description("Runs the deep suites in parts of under a minute each.")
  .argument("[suites...]", "run all parts of these suites")
  .option(
    "--minutes <n>",
    `start no part that cannot end within this number of minutes (default: ${USUAL_MINUTES})`,
    minutesOf,
  )
  .option("--all", "run every part of every suite")
  .option("--list", "print the suites and their parts, and run nothing")
  .option("--report", "print when each part last ran, on which commit, with what result, and run nothing")
  .option("--lanes <n>", "how many parts run at the same time", wholeNumber, availableParallelism())
  .option("--record", `write the parts' results to ${RECORDED}, and what each file took to ${DURATIONS}`)
  .option("--seed <n>", "chooses the order of the parts, and what is random in them (default: SEED, or 1)", wholeNumber)
  .parse();

const names = program.args;
const given = program.opts<Options>();
const options = { ...given, seed: given.seed ?? wholeNumber(process.env.SEED ?? "1") };
const unknown = names.filter((name) => !suites.some((suite) => suite.name === name));
if (unknown.length > 0) {
  program.error(`Unknown suite: ${unknown.join(", ")}. The suites: ${suites.map(({ name }) => name).join(", ")}.`);
}
const wanted = suites.filter(({ name }) => names.length === 0 || names.includes(name));
const idsOf = (some: typeof suites) => some.flatMap((suite) => partsOf(suite, true).map(({ id }) => id));
if (options.list) listSuites();
else if (options.report) report();
else process.exitCode = (await run()) ? 0 : 1;

function listSuites(): void {
  for (const suite of suites) {
    const [inTurns, all] = [partsOf(suite, false).length, partsOf(suite, true).length];
    const when = inTurns === 0 ? "only with --all" : `${inTurns} take turns`;
    console.log(`${suite.name.padEnd(22)} ${String(all).padStart(3)} part(s), ${when}: ${suite.about}`);
  }
}

function report(): void {
  const runs = newest(readRuns(RECORDED), readRuns(CACHED));
  console.log(reportLines(idsOf(wanted), runs, commitsSince).join("\n"));
}

async function run(): Promise<boolean> {
  const { seed, lanes, all = false } = options;
  const minutes = options.minutes ?? (all || names.length > 0 ? undefined : USUAL_MINUTES);
  const parts = wanted.flatMap((suite) => partsOf(suite, minutes === undefined));
  console.log(`${parts.length} part(s), seed ${seed}, ${minutes === undefined ? "all" : `${minutes} minute(s)`}`);

  const revision = testedRevision();
  const lastRuns: Record<string, LastRun> = {};
  const hear = (result: PartResult): void => {
    const lastRun = toLastRun(result, { ...revision, seed }, new Date());
    lastRuns[result.part.id] = lastRun;
    // At once, because a run of hours may be interrupted.
    addRuns(CACHED, { [result.part.id]: lastRun });
    tell(result);
  };

  const { results, left } = await runTurn(parts, { seed, lanes, minutes }, hear);

  if (options.record) {
    record(results);
    const existing = new Set(idsOf(suites));
    addRuns(RECORDED, lastRuns, existing);
  }
  const passed = results.reduce((sum, one) => sum + one.passed, 0);
  const failed = results.reduce((sum, one) => sum + one.failed, 0);
  console.log(`\nNot run: ${left.length === 0 ? "none" : ""}`);
  for (const { id } of left) console.log(`  ${id}`);
  const skipped = results.flatMap((one) => one.skipped);
  if (skipped.length > 0) console.log(`Skipped themselves:\n  ${skipped.join("\n  ")}`);
  console.log(`Ran ${results.length} of ${parts.length} part(s): ${passed} tests passed, ${failed} failed`);
  mkdirSync(dirname(RESULTS), { recursive: true });
  const slowest = results.map(({ part, seconds }) => ({ name: part.id, seconds }));
  writeFileSync(RESULTS, JSON.stringify({ passed, failed, parts: slowest }));
  return failed === 0;
}

/** A failed part is printed whole, with the command that runs it again. */
function tell({ part, passed, failed, seconds, output }: PartResult): void {
  console.log(`${failed ? "FAILED" : "passed"} ${seconds.toFixed(0).padStart(4)} s  ${part.id} (${passed} tests)`);
  if (failed) console.log(`${output}\nAgain: ${commandOf(part, options.seed)}\n`);
}
