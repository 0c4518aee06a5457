import { writeFileSync } from "node:fs";
import { createVitest, type TestModule } from "vitest/node";
import type { Title } from "./lost-titles.ts";

/**
 * Writes the titles of the tests in the current folder to a file: `node write-titles.ts <file> [test files]`. Unlike `vitest
 * list`, it includes tests that this machine skips because it lacks what they need.
 */
const [output = "", ...files] = process.argv.slice(2);
/**
 * Files share workers and modules: an import that one file starts and does not wait for is cut off at its end, and then fails
 * the next file that imports the same.
 */
const MOST_TRIES = 4;
const titles: Title[] = [];
let left = files;
for (let tries = 0; tries === 0 || left.length > 0; tries++) {
  if (tries === MOST_TRIES) throw new Error(`Not collected: ${left.join(", ")}`);
  const vitest = await createVitest("test", { watch: false, run: true });
  // Files run, because titles can come from data.
  const { testModules } = await vitest.collect(left, { staticParse: false });
  const failed = testModules.filter((module) => module.errors().length > 0);
  titles.push(...testModules.filter((module) => !failed.includes(module)).flatMap(titlesOf));
  for (const module of failed)
    console.error(`${module.relativeModuleId}: ${module.errors()[0]?.message.split("\n")[0]}`);
  left = failed.map(({ moduleId }) => moduleId);
  await vitest.close();
}
writeFileSync(output, JSON.stringify(titles));
// Vitest has set it for a first try that failed.
process.exitCode = 0;

function titlesOf({ children, relativeModuleId: file }: TestModule): Title[] {
  return [...children.allTests()].map(({ fullName: name }) => ({ name, file }));
}
