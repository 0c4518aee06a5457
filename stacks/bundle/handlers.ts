import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

const DECLARED = /\b(?:sync|async)Function\(\s*"([a-z0-9/-]+)"/g;

/** The files in `functions/`, without `.ts`, of all functions that the stacks declare, deployed for this config or not. */
export function declaredHandlers(root: string): string[] {
  const stacks = join(root, "stacks");
  return readdirSync(stacks, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.[jt]s$/.test(file))
    .flatMap((file) => [...readFileSync(join(stacks, file), "utf8").matchAll(DECLARED)].map(([, path = ""]) => path))
    .sort();
}

/** Functions whose deployed name differs from their file's: another name would replace their dead-letter queues. */
const deployedNames: Readonly<Record<string, string>> = {
  "handle-slack-request": "roll-back-from-slack",
  "report-fleet": "tell-fleet",
};

/** A function's name: mostly the unique name of its file. */
export const nameOf = (path: string): string => deployedNames[basename(path)] ?? basename(path);
