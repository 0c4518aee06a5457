// Prints the twenty slowest files and parts, each failed test, and as the last line `N passed, N failed, N skipped`: all tests,
// and one for each step that has none. node .ci/summary.mjs <step>=<exit status> ...; fails if anything failed.
import { readFileSync } from "node:fs";

const FOLDER = "node_modules/.cache/amint";
const SHOWN = 20;
/** Files of steps that count tests: { passed, failed, failures, skipped, parts: [{ name, seconds }] }. */
const FILES = {
  test: "bare-results.json",
  "skipped-tests": "test-results.json",
  bench: "bench-results.json",
  documents: "documents-results.json",
  deep: "deep-results.json",
};

function read(step) {
  if (!FILES[step]) return undefined;
  try {
    return JSON.parse(readFileSync(`${FOLDER}/${FILES[step]}`, "utf8"));
  } catch {
    console.log(`${FOLDER}/${FILES[step]} is missing: ${step} ended before it could write its results`);
    return { passed: 0, failed: 1 };
  }
}

const steps = process.argv.slice(2).map((argument) => {
  const [name, status] = argument.split("=");
  const hasFailed = status !== "0";
  const { passed = hasFailed ? 0 : 1, failed = 0, skipped = 0, failures = [], parts = [] } = read(name) ?? {};
  // A step that failed without a failed test counts as one failure: it could not run.
  return { name, passed, failed: hasFailed ? Math.max(1, failed) : failed, skipped, failures, parts };
});

const slowest = steps
  .flatMap(({ parts }) => parts)
  .toSorted((one, other) => other.seconds - one.seconds)
  .slice(0, SHOWN);
console.log(`The ${slowest.length} slowest test files and parts:`);
for (const { name, seconds } of slowest) console.log(`${seconds.toFixed(1).padStart(7)} s  ${name}`);
for (const { name, failures } of steps) for (const failure of failures) console.log(`FAILED in ${name}: ${failure}`);
for (const { name, passed, failed } of steps) console.log(`${name}: ${passed} passed, ${failed} failed`);

const sum = (pick) => steps.reduce((all, step) => all + pick(step), 0);
// What the bare run skipped has been run since, but for what the second run skipped again.
const skipped = steps.find(({ name }) => name === "skipped-tests")?.skipped ?? 0;
console.log("");
console.log(`${sum(({ passed }) => passed)} passed, ${sum(({ failed }) => failed)} failed, ${skipped} skipped`);
process.exitCode = sum(({ failed }) => failed) === 0 ? 0 : 1;
