import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { onTestFinished } from "vitest";

const COMMAND = join(import.meta.dirname, "../../component-runner.mjs");

/** A document with one step. */
export const document = (phase: string, script: string, action = "ExecuteBash"): string => `name: one
schemaVersion: 1.0
phases:
  - name: ${phase}
    steps:
      - name: Only
        action: ${action}
        inputs: { commands: ['${script}'] }
`;

/** The machine's PATH, without the Node that the tests run on. */
export const MACHINE = (process.env.PATH ?? "")
  .split(delimiter)
  .filter((folder) => !folder.includes("node_modules"))
  .join(delimiter);

/** Runs `component-runner` in a folder with these files, with an empty cache. @param path decides the Node that runs it */
export function runnerWith(files: Readonly<Record<string, string>>, path = process.env.PATH) {
  const folder = mkdtempSync(join(tmpdir(), "runner-command-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return (...args: string[]) => {
    const env = { ...process.env, PATH: path, COMPONENT_RUNNER_CACHE: join(folder, "cache") };
    const { status, stdout, stderr } = spawnSync("node", [COMMAND, ...args], {
      ...{ cwd: folder, encoding: "utf8", timeout: 50_000, env },
    });
    return { status, stdout, stderr };
  };
}
