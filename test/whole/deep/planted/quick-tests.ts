import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { findMissing, type NeedName } from "../../../world/needs/needs.ts";

/** A test in the report of Vitest. */
interface Result {
  readonly fullName: string;
  readonly status: string;
  readonly tags: readonly string[];
}

interface Report {
  readonly testResults: readonly { readonly assertionResults: readonly Result[] }[];
}

/**
 * Runs tests of `npm test` in a tree until the first failure.
 * @param files none: all of them
 * @returns the titles of the tests that failed
 * @throws Error if none failed, but some were skipped although this machine has what they need
 */
export async function runQuickTests(folder: string, files: readonly string[]): Promise<string[]> {
  const results = join(folder, "planted-results.json");
  const args = [
    "run",
    ...files,
    "--project=!deep",
    "--tagsFilter=!deep",
    "--bail=1",
    ...(files.length > 0 ? ["--maxWorkers=1"] : []),
  ];
  const { AMINT_TESTS: _, AMINT_PART: __, CI: ___, ...env } = process.env;
  await new Promise<void>((resolve) => {
    execFile(
      process.execPath,
      [join("node_modules", "vitest", "vitest.mjs"), ...args, "--reporter=json", `--outputFile=${results}`],
      { cwd: folder, env, maxBuffer: 2 ** 28 },
      () => resolve(),
    );
  });
  const { testResults }: Report = JSON.parse(readFileSync(results, "utf8"));
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const failed = tests.filter(({ status }) => status === "failed").map(({ fullName }) => fullName);
  if (failed.length === 0) {
    const skipped = wronglySkipped(tests, await findMissing());
    if (skipped.length > 0) throw new Error(`Skipped, but this machine has what they need: ${skipped.join(", ")}`);
  }
  return failed;
}

/** Quick tests that were skipped for needs of which this machine lacks none. */
export function wronglySkipped(tests: readonly Result[], missing: ReadonlyMap<NeedName, string>): string[] {
  const lacking = new Set([...missing.keys()].map((need) => `needs/${need}`));
  return tests
    .filter(({ status, tags }) => status !== "passed" && status !== "failed" && !tags.includes("deep"))
    .filter(({ tags }) => tags.some((tag) => tag.startsWith("needs/")) && !tags.some((tag) => lacking.has(tag)))
    .map(({ fullName }) => fullName);
}
