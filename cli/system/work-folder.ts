import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { requireSpace } from "./cache.ts";

/** `amint-<process id>-...`: what a run has outside the cache bears its process id, so that leftovers are found. */
export const isLeftover = (name: string): boolean => {
  const [, pid] = /^amint-(\d+)-/.exec(name) ?? [];
  return pid !== undefined && !existsSync(`/proc/${pid}`);
};

/** A folder of one system; those of runs that were killed are removed. */
export function makeWorkFolder(): string {
  for (const name of readdirSync(tmpdir()).filter(isLeftover)) {
    rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
  requireSpace(tmpdir());
  return mkdtempSync(join(tmpdir(), `amint-${process.pid}-`));
}
