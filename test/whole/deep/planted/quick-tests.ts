import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

interface Report {
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/**
 * Runs tests of `npm test` in a tree until the first failure.
 * @param files none: all of them
 * @returns the titles of the tests that failed
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
  return testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === "failed")
    .map(({ fullName }) => fullName);
}
