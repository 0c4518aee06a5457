import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const run = promisify(execFile);

test("a closed AWS is released, with a server and without", async () => {
  const program = `${import.meta.dirname}/fixtures/close-several.ts`;

  const { stdout } = await run(process.execPath, ["--expose-gc", program]);

  expect(JSON.parse(stdout)).toEqual([true, true, true, true, true]);
});
