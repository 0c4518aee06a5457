// Prints the twenty slowest files and parts, and as the last line `N passed, N failed`: all tests, and the checks as one.
// node .ci/summary.mjs <status of npm test> <of npm run check> <of npm run test:deep>; fails if anything failed.
import { readFileSync } from "node:fs";

const FOLDER = "node_modules/.cache/amint";
const SHOWN = 20;

const read = (name) => {
  try {
    return JSON.parse(readFileSync(`${FOLDER}/${name}`, "utf8"));
  } catch {
    console.log(`${FOLDER}/${name} is missing: its step ended before it could write its results`);
    return undefined;
  }
};
const quick = read("test-results.json");
const deep = read("deep-results.json");

const timed = [
  ...(quick?.testResults ?? []).map(({ name, startTime, endTime }) => ({
    name: name.slice(name.lastIndexOf("/test/") + 1),
    seconds: (endTime - startTime) / 1000,
  })),
  ...(deep?.parts ?? []),
];
const slowest = timed.toSorted((one, other) => other.seconds - one.seconds).slice(0, SHOWN);
console.log(`The ${slowest.length} slowest files of npm test and parts of test:deep:`);
for (const { name, seconds } of slowest) console.log(`${seconds.toFixed(1).padStart(7)} s  ${name}`);

const statuses = process.argv.slice(2).map(Number);
const [ofTests, ofChecks, ofDeep] = statuses;
/** A step that failed without a failed test counts as one failure: it could not run, or left no results. */
const failures = (status, failedTests) => (status === 0 ? failedTests : Math.max(1, failedTests));
const passed = (quick?.numPassedTests ?? 0) + (ofChecks === 0 ? 1 : 0) + (deep?.passed ?? 0);
const failed =
  failures(ofTests, quick?.numFailedTests ?? 0) + failures(ofChecks, 0) + failures(ofDeep, deep?.failed ?? 0);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
