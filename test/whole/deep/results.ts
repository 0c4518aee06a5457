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

/** `retirement 3/10` is the third of ten slices of `retirement`; a part that is not sliced is the only one. */
function sliceOf(id: string): { readonly name: string; readonly of: number } {
  const [, name = id, of = "1"] = /^(.*) \d+\/(\d+)$/.exec(id) ?? [];
  return { name, of: Number(of) };
}

/**
 * The last run of each part. Recorded durations change how many slices a file has: a slice without a run has that of the
 * last complete other slicing of its file, of which the failed slice counts, or else the one that ran first.
 */
export function lastRunsOf(ids: readonly string[], runs: LastRuns): LastRuns {
  const files = Map.groupBy(Object.entries(runs), ([id]) => sliceOf(id).name);
  return Object.fromEntries(
    ids.flatMap((id) => {
      const own = runs[id];
      if (own) return [[id, own] as const];
      const { name, of } = sliceOf(id);
      const slicings = [...Map.groupBy(files.get(name) ?? [], ([other]) => sliceOf(other).of)]
        .filter(([count, some]) => count !== of && some.length === count)
        .map(([, some]) =>
          some.map(([, run]) => run).toSorted((a, b) => b.failed - a.failed || (a.at < b.at ? -1 : 1)),
        );
      const [first] = slicings.flatMap(([run]) => run ?? []).toSorted((a, b) => (a.at < b.at ? 1 : -1));
      return first ? [[id, first] as const] : [];
    }),
  );
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

/**
 * Adds runs to a file: a line for each part, in order.
 * @param existing leaves out parts of files that no longer exist, and other slicings of files whose slices all ran
 */
export function addRuns(file: string, runs: LastRuns, existing?: ReadonlySet<string>): void {
  const all = newest(readRuns(file), runs);
  const files = Map.groupBy(existing ?? [], (id) => sliceOf(id).name);
  const merged = Object.entries(all).filter(([id]) => {
    const slices = files.get(sliceOf(id).name);
    return !existing || existing.has(id) || slices?.some((one) => !all[one]);
  });
  const sorted = merged.sort(([one], [other]) => one.localeCompare(other, "en", { numeric: true }));
  const lines = sorted.map(([id, run]) => `  ${JSON.stringify(id)}: ${JSON.stringify(run)}`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `{\n${lines.join(",\n")}\n}\n`);
}
