import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Title } from "./lost-titles.ts";

/** Collects the titles of a tree's tests, also of those that this machine skips. @param files default: all */
export function collectTitles(
  tree: string,
  files: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Title[] {
  const folder = mkdtempSync(join(tmpdir(), "amint-titles-"));
  const file = join(folder, "titles.json");
  try {
    execFileSync(process.execPath, [join(import.meta.dirname, "write-titles.ts"), file, ...files], {
      cwd: tree,
      env: { ...process.env, ...env },
      stdio: ["ignore", "ignore", "inherit"],
    });
    return JSON.parse(readFileSync(file, "utf8"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
