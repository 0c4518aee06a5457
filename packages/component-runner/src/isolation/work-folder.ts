import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isLeftover, requireSpace } from "./cache.ts";

/** Creates a system's temporary folder; removes those of killed runs. */
export function makeWorkFolder(): string {
  for (const name of readdirSync(tmpdir()).filter(isLeftover)) {
    rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
  requireSpace(tmpdir());
  return mkdtempSync(join(tmpdir(), `component-runner-${process.pid}-`));
}
