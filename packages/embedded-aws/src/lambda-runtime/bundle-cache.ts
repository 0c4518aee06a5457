import { createHash, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve, sep } from "node:path";

/** A build of some sources, and what it was made of. */
interface StoredBuild {
  /** Where the bundles are, each under its source's name with the ending `.mjs`. */
  readonly folder: string;
  /** Every source, with what tells that it is still the same. */
  readonly stamps: Readonly<Record<string, string>>;
}

interface NewBuild {
  readonly root: string;
  /** Relative to the root. */
  readonly inputs: readonly string[];
  /** Absolute, under `outdir`. */
  readonly outputs: readonly { readonly path: string; readonly text: string }[];
  readonly outdir: string;
}

/** The nearest node_modules' cache; without one, the machine's folder for temporary files. */
export function cacheFolder(root: string): string {
  for (let folder = root; ; folder = dirname(folder)) {
    const modules = join(folder, "node_modules");
    if (existsSync(modules)) return join(modules, ".cache", "embedded-lambda");
    if (dirname(folder) === folder) return join(tmpdir(), "embedded-lambda");
  }
}

export const digest = (content: string): string => createHash("sha256").update(content).digest("hex").slice(0, 16);

/** An earlier build under this key, if all its sources are as they were. */
export function findBuild(cache: string, key: string, root: string): StoredBuild | undefined {
  const stored = readBuild(join(cache, `${key}.json`));
  if (!stored || !existsSync(stored.folder)) return undefined;
  const same = Object.entries(stored.stamps).every(([source, stamp]) => stampOf(resolve(root, source)) === stamp);
  return same ? stored : undefined;
}

/** Stores bundles in a folder named for their content, so that a run that still uses former ones is not disturbed. */
export function keepBuild(cache: string, key: string, { root, inputs, outputs, outdir }: NewBuild): StoredBuild {
  const folder = join(cache, digest(JSON.stringify(outputs.map(({ path, text }) => [path, text]))));
  if (!existsSync(folder))
    writeFolder(folder, new Map(outputs.map(({ path, text }) => [relative(outdir, path), text])));
  const sources = new Set(inputs.map(stampedFile));
  const stamps = Object.fromEntries([...sources].map((source) => [source, stampOf(resolve(root, source))]));
  const build = { folder, stamps };
  const draft = join(cache, `${key}.${randomUUID()}`);
  writeFileSync(draft, JSON.stringify(build));
  renameSync(draft, join(cache, `${key}.json`));
  return build;
}

/** In one step, since another process may look at any moment. */
function writeFolder(folder: string, files: ReadonlyMap<string, string>): void {
  const draft = `${folder}.${randomUUID()}`;
  for (const [name, text] of files) {
    mkdirSync(dirname(join(draft, name)), { recursive: true });
    writeFileSync(join(draft, name), text);
  }
  try {
    renameSync(draft, folder);
  } catch (cause) {
    rmSync(draft, { recursive: true });
    // Another process was faster: what it wrote is the same.
    if (!existsSync(folder)) throw cause;
  }
}

const PACKAGES = `${sep}node_modules${sep}`;

/** Packages change only by an installation, which npm's own lock marks: thousands of files need not be looked at. */
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
    return JSON.parse(readFileSync(file, "utf8")) as StoredBuild;
  } catch {
    // Never built, or by an interrupted run: built again.
    return undefined;
  }
}
