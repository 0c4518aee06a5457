import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";

test("closing while other functions' threads are being started leaves none running: the process ends", async () => {
  const ended = promisify(execFile)(process.execPath, ["test/whole/fixtures/close-while-warming.ts"], {
    timeout: 55_000,
  });
  await expect(ended).resolves.toEqual({ stdout: "", stderr: "" });
});
