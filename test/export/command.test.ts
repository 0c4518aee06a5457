import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const run = promisify(execFile);

const refusal = async (...args: string[]): Promise<string> =>
  run(process.execPath, ["cli/command/amint.mjs", "export", ...args]).then(
    ({ stdout }) => `not refused: ${stdout}`,
    ({ stderr }) => stderr,
  );

test.each([
  [[], /^amint: No channel of factory\.config\.ts has exports, such as `exports: \{ formats: \["vmdk"\] \}`/],
  [["al2023"], /^amint: .*al2023-base/],
  [["al2023-base", "--channel", "prod"], /^amint: .*candidate.*stable/],
  [["--expires", "8d"], /Use a duration between 1m and 7d, which is S3's limit/],
])("amint export %j says what is wrong, and what would be valid", async (args, said) => {
  expect(await refusal(...args)).toMatch(said);
});
