import { createHash, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve, sep } from "node:path";
import { FolderUnusable, privateFolder } from "../engine/private-folder.ts";

/** A stored build, and the sources it was built from. */
interface StoredBuild {
  /** The folder with the bundles, each named after its source with the extension `.mjs`. */
  readonly folder: string;
  /** Every source, with a stamp that changes when the source does. */
  readonly stamps: Readonly<Record<string, string>>;
  /** Every file of the folder. */
  readonly digests: Digests;
}

/** SHA-256 by path relative to the folder. */
type Digests = Readonly<Record<string, string>>;

type Files = ReadonlyMap<string, string | Uint8Array>;

interface NewBuild {
  readonly root: string;
  /** Relative to the root. */
  readonly inputs: readonly string[];
  /** Absolute, under `outdir`. */
  readonly outputs: readonly { readonly path: string; readonly text: string }[];
  readonly outdir: string;
}

/** The cache of the nearest node_modules; without one, in the machine's folder for temporary files. */
export function cacheFolder(root: string): string {
  for (let folder = root; ; folder = dirname(folder)) {
    const modules = join(folder, "node_modules");
    if (existsSync(modules)) return join(modules, ".cache", "embedded-lambda");
    if (dirname(folder) === folder) return join(tmpdir(), "embedded-lambda");
  }
}

/**
 * A program's cache, which only this user can read and write, because its content is executed.
 * @throws FolderUnusable
 */
export function openCache(root: string): string {
  const cache = cacheFolder(root);
  privateFolder(cache);
  return cache;
}

const sha256 = (content: string | Uint8Array): string => createHash("sha256").update(content).digest("hex");

/** A name derived from the content. */
export const digest = (content: string): string => sha256(content).slice(0, 16);

/** An earlier build under this key, if its sources and its own files are unchanged. */
export function findBuild(cache: string, key: string, root: string): StoredBuild | undefined {
  const stored = readBuild(join(cache, `${key}.json`));
  if (!stored || dirname(stored.folder) !== cache || !isIntact(stored.folder, stored.digests)) return undefined;
  const same = Object.entries(stored.stamps).every(([source, stamp]) => stampOf(resolve(root, source)) === stamp);
  return same ? stored : undefined;
}

/**
 * Stores bundles in a folder named after their content, so that a run that still uses earlier ones is not disturbed.
 * @throws FolderUnusable
 */
export function keepBuild(cache: string, key: string, { root, inputs, outputs, outdir }: NewBuild): StoredBuild {
  const folder = join(cache, digest(JSON.stringify(outputs.map(({ path, text }) => [path, text]))));
  const files = new Map(outputs.map(({ path, text }) => [relative(outdir, path), text]));
  const sources = new Set(inputs.map(stampedFile));
  const stamps = Object.fromEntries([...sources].map((source) => [source, stampOf(resolve(root, source))]));
  const build = { folder, stamps, digests: digestsOf(files) };
  keepFolder(folder, files);
  writeAtomically(join(cache, `${key}.json`), JSON.stringify(build));
  return build;
}

/** Writes a file of the cache, which another process may read at any moment. @throws FolderUnusable */
export function writeAtomically(file: string, content: string | Uint8Array): void {
  const draft = `${file}.${randomUUID()}`;
  writing(dirname(file), () => {
    writeFileSync(draft, content);
    renameSync(draft, file);
  });
}

/** Makes sure that a cache folder contains exactly these files. @throws FolderUnusable */
export function keepFolder(folder: string, files: Files): void {
  const isThere = existsSync(folder);
  if (isThere && isIntact(folder, digestsOf(files))) return;
  writing(folder, () => {
    if (isThere) rmSync(folder, { recursive: true });
    writeFolder(folder, files);
  });
}

/** A disk can become full, or a folder read-only, at any moment. */
function writing(folder: string, write: () => void): void {
  try {
    write();
  } catch (cause) {
    throw new FolderUnusable(folder, cause as NodeJS.ErrnoException);
  }
}

/** Atomic, because another process may read the folder at any moment. */
function writeFolder(folder: string, files: Files): void {
  const draft = `${folder}.${randomUUID()}`;
  try {
    for (const [name, text] of files) {
      mkdirSync(dirname(join(draft, name)), { recursive: true });
      writeFileSync(join(draft, name), text);
    }
    renameSync(draft, folder);
  } catch (cause) {
    rmSync(draft, { recursive: true, force: true });
    // Another process was faster and wrote the same files.
    if (!existsSync(folder)) throw cause;
  }
}

const digestsOf = (files: Files): Digests =>
  Object.fromEntries([...files].map(([name, content]) => [name, sha256(content)]));

/** Whether a folder contains exactly these files, unchanged. */
function isIntact(folder: string, digests: Digests): boolean {
  if (!existsSync(folder)) return false;
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory());
  return (
    files.length === Object.keys(digests).length &&
    files.every((file) => {
      const path = join(file.parentPath, file.name);
      return file.isFile() && digests[relative(folder, path)] === sha256(readFileSync(path));
    })
  );
}

const PACKAGES = `${sep}node_modules${sep}`;

/** npm's lock file changes with every installation, so it stamps all packages instead of thousands of files. */
function stampedFile(source: string): string {
  const packages = `${sep}${source}`.indexOf(PACKAGES);
  return packages < 0 ? source : join(source.slice(0, packages), "node_modules", ".package-lock.json");
}

function stampOf(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat ? `${stat.size} ${stat.mtimeMs}` : "absent";
}

function readBuild(file: string): StoredBuild | undefined {
  try {
    const build = JSON.parse(readFileSync(file, "utf8")) as Partial<StoredBuild>;
    return build.folder && build.stamps && build.digests ? (build as StoredBuild) : undefined;
  } catch {
    // Not built before, or by an interrupted run: builds again.
    return undefined;
  }
}
