import { type RunnerTask, type RunnerTestFile, type RunnerTestSuite, TestRunner } from "vitest";
import { parseSlice, type Slice } from "./size.ts";

/**
 * Runs one slice of a file's tests: `AMINT_TESTS=2/3` runs its second, fifth and eighth test. Tests outside the slice are
 * removed, so that a report lists only what was meant to run. Vitest's own `--shard` divides files, not tests.
 */
export default class SliceRunner extends TestRunner {
  onCollected(files: RunnerTestFile[]): void {
    const slice = parseSlice(process.env.AMINT_TESTS ?? "1/1");
    let seen = 0;
    for (const file of files) seen = keepSlice(file, slice, seen);
  }
}

/** A test that lacks what it needs is reported as skipped; what the filters of the command line leave out is not. */
const isMeant = ({ mode, tags = [] }: RunnerTask): boolean =>
  mode === "run" || mode === "queued" || (tags.includes("deep") && tags.some((tag) => tag.startsWith("needs/")));

/** @returns how many tests were counted so far: those that are meant to run */
function keepSlice(suite: RunnerTestSuite, { index, of }: Slice, before: number): number {
  let seen = before;
  suite.tasks = suite.tasks.filter((task) => {
    if (task.type === "suite") {
      seen = keepSlice(task, { index, of }, seen);
      return task.tasks.length > 0;
    }
    return isMeant(task) ? seen++ % of === index : false;
  });
  return seen;
}
