import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statfsSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { SystemError } from "./system.ts";

/** Root file systems and layers, which can be removed at any time. */
export const cacheFolder = (env: NodeJS.ProcessEnv = process.env): string =>
  env.AMINT_CACHE ?? join(env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "amint");

/** What the cache may hold; the entries that were made first go first. */
const MOST_BYTES = 20 * 2 ** 30;

/** What has to be free before a system starts. */
const LEAST_FREE_BYTES = 2 ** 30;

/** @returns the entry's path, if it was made within `maxAgeMs` */
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

/** A folder in the cache for what is not an entry yet; those of runs that were killed are removed. */
export function makeCacheWork(): string {
  const folder = cacheFolder();
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(folder).filter((one) => one.startsWith(".") && isLeftover(one.slice(1)))) {
    rmSync(join(folder, name), { recursive: true, force: true });
  }
  return mkdtempSync(join(folder, `.amint-${process.pid}-`));
}

/** `amint-<process id>-...`: what a run leaves to clean up bears its process id, so that leftovers are found. */
export const isLeftover = (name: string): boolean => {
  const [, pid] = /^amint-(\d+)-/.exec(name) ?? [];
  return pid !== undefined && !existsSync(`/proc/${pid}`);
};

/** Makes an entry beside its place and moves it there, so that an interrupted run leaves no half of one. */
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

/** Files are sparse: what counts is what they take up. */
function sizeAndTime(path: string): { readonly bytes: number; readonly madeMs: number } {
  const { blocks, mtimeMs } = statSync(path);
  return { bytes: blocks * 512, madeMs: mtimeMs };
}

/** @throws SystemError where a system could not even start */
export function requireSpace(folder: string): void {
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize >= LEAST_FREE_BYTES) return;
  const MiB = Math.floor((bavail * bsize) / 2 ** 20);
  throw new SystemError(
    `No space: ${folder} has ${MiB} MiB free, and a system needs at least ${LEAST_FREE_BYTES / 2 ** 20} MiB. Free some, or set AMINT_CACHE and TMPDIR to folders with room.`,
  );
}
