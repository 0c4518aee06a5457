import { createHash, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";
import type { BuildOptions } from "esbuild";

/** Handlers, each with the module to import: an absolute path. */
type Bundles = ReadonlyMap<string, string>;

/** For programs that do not say it themselves. */
const OPTIONS = {
  platform: "node",
  target: "node24",
  // The packages' ES modules come out a third smaller, and load in half the time.
  mainFields: ["module", "main"],
  logLevel: "silent",
} satisfies BuildOptions;

/** How workers load bundles, whatever the program says. */
const LOADED = {
  bundle: true,
  format: "esm",
  // What several functions import is read and written once: a third of the time, a sixth of the bytes.
  splitting: true,
  outExtension: { ".js": ".mjs" },
  // Node's own `require`, for packages that are still CommonJS inside an ES module.
  banner: {
    js: 'import { createRequire as $createRequire } from "node:module"; const require = $createRequire(import.meta.url);',
  },
} satisfies BuildOptions;

const WORKER = "worker";

/**
 * Bundles handlers (`functions/start-build.handler`) of a program at `root`, all in one go, unless an earlier run left
 * bundles of the very same sources. The program's `bundle.config.ts` says how: its default export are esbuild's options.
 * @throws esbuild's BuildFailure, naming file and line
 */
export async function bundleHandlers(root: string, handlers: readonly string[]): Promise<Bundles> {
  const files = [...new Set(handlers.map(handlerFile))].sort();
  const folder = await bundleFiles(root, files);
  return new Map(handlers.map((handler) => [handler, join(folder, `${handlerFile(handler)}.mjs`)]));
}

/** The program that worker threads run, as one file: a thread starts faster without stripping types itself. */
export async function bundleWorker(): Promise<string> {
  return join(await bundleFiles(import.meta.dirname, [WORKER]), `${WORKER}.mjs`);
}

/** `functions/start-build.handler` is in `functions/build/start-build`, with whatever extension. */
export function handlerFile(handler: string): string {
  const dot = handler.indexOf(".", handler.lastIndexOf("/") + 1);
  return dot < 0 ? handler : handler.slice(0, dot);
}

/** The folder with the bundles. */
async function bundleFiles(root: string, names: readonly string[]): Promise<string> {
  const cache = cacheFolder(root);
  const key = digest(JSON.stringify([OPTIONS, LOADED, root, names]));
  const stored = findBuild(cache, key, root);
  if (stored) return stored.folder;
  const outdir = join(cache, "out");
  const { build } = await import("esbuild");
  const program = await readProgramOptions(root);
  const { outputFiles, metafile } = await build({
    ...OPTIONS,
    ...program.options,
    ...LOADED,
    absWorkingDir: root,
    entryPoints: names.map((name) => ({ in: `./${name}`, out: name })),
    outdir,
    metafile: true,
    write: false,
  });
  // What a plugin makes up has no file.
  const read = Object.keys(metafile.inputs).filter((input) => !input.includes(":"));
  return keepBuild(cache, key, { root, inputs: [...read, ...program.sources], outputs: outputFiles, outdir }).folder;
}

/** Where a program says how its functions are bundled, beside where they are: esbuild's options, its default export. */
const FILE = "bundle.config.ts";

interface ProgramOptions {
  readonly options: BuildOptions;
  /** What the options are made of, from the program's root; the file itself also where there is none. */
  readonly sources: readonly string[];
}

/** @throws what the program's own file throws; esbuild's BuildFailure where it does not parse */
export async function readProgramOptions(root: string): Promise<ProgramOptions> {
  const path = join(root, FILE);
  if (!existsSync(path)) return { options: {}, sources: [FILE] };
  const { build } = await import("esbuild");
  const [{ default: options }, { metafile }] = await Promise.all([
    import(pathToFileURL(path).href) as Promise<{ default: BuildOptions }>,
    build({
      absWorkingDir: root,
      entryPoints: [`./${FILE}`],
      bundle: true,
      packages: "external",
      platform: "node",
      format: "esm",
      metafile: true,
      write: false,
      logLevel: "silent",
    }),
  ]);
  return { options, sources: Object.keys(metafile.inputs) };
}

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
export function writeFolder(folder: string, files: ReadonlyMap<string, string | Uint8Array>): void {
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
