import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statfsSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { SystemError } from "./system.ts";

/** Folder of root file systems and layers; safe to delete at any time. */
export const cacheFolder = (env: NodeJS.ProcessEnv = process.env): string =>
  env.COMPONENT_RUNNER_CACHE ?? join(env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "component-runner");

/** Maximum cache size; the oldest entries are removed first. */
const MOST_BYTES = 20 * 2 ** 30;

/** Free space required before a system starts. */
const LEAST_FREE_BYTES = 2 ** 30;

/** @returns the entry's path, if it is younger than `maxAgeMs` */
export function findCached(name: string, maxAgeMs: number): string | undefined {
  const path = join(cacheFolder(), name);
  try {
    const { mtimeMs } = statSync(path);
    return Date.now() - mtimeMs > maxAgeMs ? undefined : path;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Creates a temporary folder in the cache; removes those of killed runs. */
export function makeCacheWork(): string {
  const folder = cacheFolder();
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(folder).filter((one) => one.startsWith(".") && isLeftover(one.slice(1)))) {
    rmSync(join(folder, name), { recursive: true, force: true });
  }
  return mkdtempSync(join(folder, `.component-runner-${process.pid}-`));
}

/** `component-runner-<process id>-...`: temporary names contain the process id, so that leftovers of killed runs are found. */
export const isLeftover = (name: string): boolean => {
  const [, pid] = /^component-runner-(\d+)-/.exec(name) ?? [];
  return pid !== undefined && !existsSync(`/proc/${pid}`);
};

/** Builds an entry in a temporary folder and moves it into place, so that an interrupted run leaves no partial entry. */
export async function makeCached(name: string, make: (path: string) => Promise<void>): Promise<string> {
  const folder = cacheFolder();
  const work = makeCacheWork();
  try {
    await make(join(work, "entry"));
    const path = join(folder, name);
    rmSync(path, { recursive: true, force: true });
    renameSync(join(work, "entry"), path);
    removeOldest(folder, name);
    return path;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function removeOldest(folder: string, kept: string): void {
  const entries = readdirSync(folder)
    .filter((name) => name !== kept && !name.startsWith("."))
    .map((name) => ({ name, ...sizeAndTime(join(folder, name)) }))
    .toSorted((one, other) => other.madeMs - one.madeMs);
  let bytes = sizeAndTime(join(folder, kept)).bytes;
  for (const { name, bytes: more } of entries) {
    bytes += more;
    if (bytes > MOST_BYTES) rmSync(join(folder, name), { recursive: true, force: true });
  }
}

/** Files are sparse: counts allocated blocks. */
function sizeAndTime(path: string): { readonly bytes: number; readonly madeMs: number } {
  const { blocks, mtimeMs } = statSync(path);
  return { bytes: blocks * 512, madeMs: mtimeMs };
}

/** @throws SystemError if there is too little space to start a system */
export function requireSpace(folder: string): void {
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize >= LEAST_FREE_BYTES) return;
  const MiB = Math.floor((bavail * bsize) / 2 ** 20);
  throw new SystemError(
    `No space: ${folder} has ${MiB} MiB free, and a system needs at least ${LEAST_FREE_BYTES / 2 ** 20} MiB. Free some, or set COMPONENT_RUNNER_CACHE and TMPDIR to folders with room.`,
  );
}
