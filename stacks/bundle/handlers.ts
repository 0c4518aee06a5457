import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

const DECLARED = /\b(?:sync|async)Function\(\s*"([a-z0-9/-]+)"/g;

/** Every function that the stacks declare, deployed for this config or not: its file in `functions/`, without `.ts`. */
export function declaredHandlers(root: string): string[] {
  const stacks = join(root, "stacks");
  return readdirSync(stacks, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.[jt]s$/.test(file))
    .flatMap((file) => [...readFileSync(join(stacks, file), "utf8").matchAll(DECLARED)].map(([, path = ""]) => path))
    .sort();
}

/** The name of a function: that of its file, which no other has. */
export const nameOf = (path: string): string => basename(path);
