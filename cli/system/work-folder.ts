import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isLeftover, requireSpace } from "./cache.ts";

/** A folder of one system; those of runs that were killed are removed. */
export function makeWorkFolder(): string {
  for (const name of readdirSync(tmpdir()).filter(isLeftover)) {
    rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
  requireSpace(tmpdir());
  return mkdtempSync(join(tmpdir(), `amint-${process.pid}-`));
}
