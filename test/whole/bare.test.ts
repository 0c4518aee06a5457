import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { checkout } from "../world/running-factory.ts";

/** Any program that the base system lacks: it is hidden, whether installed or not. */
const PROGRAM = "xz";

/** Runs a test file with one test in the bare environment, by this checkout's Vitest and its needs. */
async function runBare(options: string) {
  // Vitest finds its modules from here.
  const folder = await mkdtemp(join(checkout, "node_modules/.cache/bare-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const config = `import { findMissing, tagsOf } from "${checkout}test/world/needs/needs.ts";
import { NeedsReport } from "${checkout}test/world/needs/report.ts";
const missing = await findMissing();
export default { test: { tags: tagsOf(missing), reporters: ["default", new NeedsReport(missing)] } };
`;
  const planted = `import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
test("calls a program", ${options} () => {
  expect(String(execFileSync("${PROGRAM}", ["--version"]))).toContain("${PROGRAM}");
});
`;
  await writeFile(join(folder, "vitest.config.ts"), config);
  await writeFile(join(folder, "planted.test.ts"), planted);
  const command = [resolve(".ci/bare"), "node_modules/node/bin/node", "node_modules/vitest/vitest.mjs", "run"];
  return promisify(execFile)("bash", [...command, "--root", folder], { cwd: checkout }).then(
    ({ stdout }) => ({ code: 0, printed: stdout }),
    ({ code, stdout, stderr }) => ({ code, printed: `${stdout}${stderr}` }),
  );
}

test("on a bare machine a test that calls an undeclared program fails the run", { tags: "needs/dpkg" }, async () => {
  const { code, printed } = await runBare("");

  expect(code).toBe(1);
  expect(printed).toContain(`spawnSync ${PROGRAM} ENOENT`);
});

test("on a bare machine a test that declares its program is skipped, and the run says what installs it", {
  tags: "needs/dpkg",
}, async () => {
  const { code, printed } = await runBare(`{ tags: "needs/${PROGRAM}" },`);

  expect(printed).toContain("1 test(s) skipped: this machine lacks what they need.");
  expect(printed).toContain(`1  ${PROGRAM} (not installed): apt-get install xz-utils`);
  expect(code).toBe(0);
});
