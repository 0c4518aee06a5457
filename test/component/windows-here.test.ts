import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

const MIXED = ["--config", "demo/mixed/factory.config.ts"];

/** In a separate process: if it keeps running after its refusal, it has started something. */
function amint(...args: string[]) {
  const cache = mkdtempSync(join(tmpdir(), "windows-here-"));
  onTestFinished(() => rmSync(cache, { recursive: true }));
  const { status, stdout, stderr } = spawnSync(process.execPath, ["cli/command/amint.mjs", ...args], {
    encoding: "utf8",
    timeout: 30_000,
    env: { ...process.env, AMINT_CACHE: cache },
  });
  return { status, stdout, stderr };
}

test.each([
  ["amint build --here", "images.windows-2022-base (windows-2022)", ["build", "--here", "windows-2022-base", ...MIXED]],
  [
    "amint components test --image",
    "images.windows-2022-base (windows-2022)",
    ["components", "test", "--image", "windows-2022-base", ...MIXED],
  ],
  ["amint components test --os", "--os (windows-2025)", ["components", "test", "amint:smoke", "--os", "windows-2025"]],
  ["amint components test", "amint:windows-hardening", ["components", "test", "amint:windows-hardening"]],
])("%s refuses Windows before anything starts, and names what checks it", (_command, what, args) => {
  const { status, stdout, stderr } = amint(...args);

  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr.trim()).toBe(
    `amint: ${what}: documents for Windows cannot run on this machine, only those for Linux. "amint components check" checks their ` +
      'PowerShell, and "amint try" builds the factory\'s images with simulated instances.',
  );
});

test("a document that is wrong on Linux and on Windows keeps its own message, and the command ends", () => {
  const folder = mkdtempSync(join(tmpdir(), "windows-here-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "wrong.yaml");
  const steps = "[{ name: One, action: ExecuteBashh, inputs: { commands: [date] } }]";
  writeFileSync(file, `name: wrong\nschemaVersion: 1.0\nphases: [{ name: build, steps: ${steps} }]\n`);

  const { status, stderr } = amint("components", "test", file);

  expect(status).toBe(1);
  expect(stderr).toContain("Unsupported action ExecuteBashh for os platform linux");
});
