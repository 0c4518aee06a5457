import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { Command } from "commander";
import { type Result, runBenchmark } from "./run/run-benchmark.ts";
import { benchmarks } from "./run/table.ts";

/** File with the counts for CI. */
const RESULTS = "node_modules/.cache/amint/bench-results.json";
/** A benchmark's short form takes a few seconds; one that hangs ends here. */
const MOST_SECONDS_SHORT = 120;

const program = new Command("npm run bench --")
  .description("Runs benchmarks and compares their results with their targets.")
  .argument(
    "[names...]",
    `one or more of ${Object.keys(benchmarks).join(", ")} (default: those of less than a minute; with --short, all)`,
  )
  .option("--short", "run the same code on smaller inputs, in a few seconds each; times are not compared with targets")
  .option("--since <revision>", "house: also measure an earlier revision")
  .parse();

const { short, since } = program.opts<{ readonly short?: true; readonly since?: string }>();
const unknown = program.args.filter((name) => !Object.hasOwn(benchmarks, name));
if (unknown.length > 0) {
  program.error(`Unknown benchmark "${unknown.join('", "')}"; expected one of ${Object.keys(benchmarks).join(", ")}.`);
}

const results: Result[] = [];
for (const [name, benchmark] of Object.entries(benchmarks)) {
  const isWanted = program.args.length > 0 ? program.args.includes(name) : short || !benchmark.byName;
  if (!isWanted) continue;
  console.log(`\n== ${name}`);
  const args = [...(short ? ["--short"] : []), ...(since && name === "house" ? ["--since", since] : [])];
  results.push(await runBenchmark(name, benchmark, args, short && MOST_SECONDS_SHORT));
}

console.log();
for (const { name, outcome, seconds, why } of results) {
  const label = outcome === "failed" ? "FAILED" : outcome;
  console.log(`${label.padEnd(7)} ${seconds.toFixed(1).padStart(6)} s  ${name}${why ? `: ${why}` : ""}`);
}
const count = (wanted: Result["outcome"]): number => results.filter(({ outcome }) => outcome === wanted).length;
const [passed, failed, skipped] = [count("passed"), count("failed"), count("skipped")];
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
mkdirSync(dirname(RESULTS), { recursive: true });
const parts = results.map(({ name, seconds }) => ({ name: `bench ${name}`, seconds }));
writeFileSync(RESULTS, JSON.stringify({ passed, failed, skipped, parts }));
process.exitCode = failed === 0 ? 0 : 1;
