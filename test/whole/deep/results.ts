import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { PartResult } from "./run-part.ts";

/** The last run of a part. */
export interface LastRun {
  /** Of HEAD, abbreviated; absent outside a git checkout. */
  readonly commit?: string;
  /** The tree had changes that were not committed. */
  readonly dirty?: true;
  /** When it ended, in UTC: `2026-11-24T20:15:00Z`. */
  readonly at: string;
  readonly seed: number;
  readonly seconds: number;
  readonly passed: number;
  readonly failed: number;
  /** Tests that skipped themselves. */
  readonly skipped: number;
}

/** By part: `retirement 3/10`. */
export type LastRuns = Readonly<Record<string, LastRun>>;

/** Committed, so that a fresh clone knows what ran: `npm run test:deep -- --record`. */
export const RECORDED = "test/whole/deep/results.json";
/** Every run on this machine, recorded or not. */
export const CACHED = "node_modules/.cache/amint/deep-parts.json";

export const toLastRun = (
  { passed, failed, skipped, seconds }: PartResult,
  run: Pick<LastRun, "commit" | "dirty" | "seed">,
  now: Date,
): LastRun => ({
  ...run,
  at: now.toISOString().replace(/\.\d+Z$/, "Z"),
  seconds: Math.round(seconds),
  passed,
  failed,
  skipped: skipped.length,
});

/** The newest run of each part. */
export function newest(...some: readonly LastRuns[]): LastRuns {
  const merged: Record<string, LastRun> = {};
  for (const [id, run] of some.flatMap(Object.entries<LastRun>)) {
    const known = merged[id];
    if (!known || known.at <= run.at) merged[id] = run;
  }
  return merged;
}

/** Empty if the file does not exist. */
export function readRuns(file: string): LastRuns {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw error;
  }
}

/** Adds runs to a file: a line for each part, in order. @param exists leaves out parts that no longer exist */
export function addRuns(file: string, runs: LastRuns, exists: (id: string) => boolean = () => true): void {
  const merged = Object.entries(newest(readRuns(file), runs)).filter(([id]) => exists(id));
  const sorted = merged.sort(([one], [other]) => one.localeCompare(other, "en", { numeric: true }));
  const lines = sorted.map(([id, run]) => `  ${JSON.stringify(id)}: ${JSON.stringify(run)}`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `{\n${lines.join(",\n")}\n}\n`);
}
