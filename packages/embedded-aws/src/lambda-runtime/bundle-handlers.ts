import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { BuildOptions } from "esbuild";
import { digest, findBuild, keepBuild, openCache } from "./bundle-cache.ts";

/** Handlers, each with the module to import: an absolute path. */
type Bundles = ReadonlyMap<string, string>;

/** Defaults for programs without their own options. */
const OPTIONS = {
  platform: "node",
  target: "node24",
  // The packages' ES modules are a third smaller, and load in half the time.
  mainFields: ["module", "main"],
  logLevel: "silent",
} satisfies BuildOptions;

/** Fixed options, because they determine how workers load bundles. */
const LOADED = {
  bundle: true,
  format: "esm",
  // Shared modules are read and written once: a third of the time, a sixth of the bytes.
  splitting: true,
  outExtension: { ".js": ".mjs" },
  // Node's own `require`, for CommonJS packages inside an ES module.
  banner: {
    js: 'import { createRequire as $createRequire } from "node:module"; const require = $createRequire(import.meta.url);',
  },
} satisfies BuildOptions;

const WORKER = "worker";

/**
 * Bundles a program's handlers (`functions/start-build.handler`) together, unless an earlier run left bundles of the
 * same sources. The default export of the program's `bundle.config.ts` sets esbuild's options.
 * @throws esbuild's BuildFailure, naming file and line; FolderUnusable
 */
export async function bundleHandlers(program: string, handlers: readonly string[]): Promise<Bundles> {
  const files = [...new Set(handlers.map(handlerFile))].sort();
  const folder = await bundleFiles(program, files);
  return new Map(handlers.map((handler) => [handler, join(folder, `${handlerFile(handler)}.mjs`)]));
}

/** The worker threads' program as one file: a thread starts faster if it does not strip types itself. */
export async function bundleWorker(): Promise<string> {
  return join(await bundleFiles(import.meta.dirname, [WORKER]), `${WORKER}.mjs`);
}

/** `functions/start-build.handler` is in `functions/build/start-build`, with any extension. */
export function handlerFile(handler: string): string {
  const dot = handler.indexOf(".", handler.lastIndexOf("/") + 1);
  return dot < 0 ? handler : handler.slice(0, dot);
}

/** The folder with the bundles. */
async function bundleFiles(program: string, names: readonly string[]): Promise<string> {
  const { root } = parseProgram(program);
  const cache = openCache(root);
  const key = digest(JSON.stringify([OPTIONS, LOADED, program, names]));
  const stored = findBuild(cache, key, root);
  if (stored) return stored.folder;
  const outdir = join(cache, "out");
  const { build } = await import("esbuild");
  const { options, sources } = await readProgramOptions(program);
  const { outputFiles, metafile } = await build({
    ...OPTIONS,
    ...options,
    ...LOADED,
    absWorkingDir: root,
    entryPoints: names.map((name) => ({ in: `./${name}`, out: name })),
    outdir,
    metafile: true,
    write: false,
  });
  // Modules that a plugin generates have no file.
  const read = Object.keys(metafile.inputs).filter((input) => !input.includes(":"));
  return keepBuild(cache, key, { root, inputs: [...read, ...sources], outputs: outputFiles, outdir }).folder;
}

/**
 * Configures how a program's functions are bundled. The default export is esbuild's options, or a function that returns
 * them for the program's query.
 */
const FILES = ["bundle.config.ts", "bundle.config.js"];

/**
 * A program is named by the absolute folder of its functions. A query after `?` is for its `bundle.config.ts`: the same
 * functions, bundled with other settings, are another program.
 */
export function parseProgram(program: string): { readonly root: string; readonly query: string } {
  const at = program.indexOf("?");
  return at < 0 ? { root: program, query: "" } : { root: program.slice(0, at), query: program.slice(at) };
}

type OptionsOf = (query: URLSearchParams) => BuildOptions;

interface ConfigFile {
  readonly default: BuildOptions | OptionsOf;
  readonly stateless?: readonly string[];
}

export interface ProgramOptions {
  readonly options: BuildOptions;
  /** The export `stateless`: modules that the execution environments of one thread may share (`shared-modules.ts`). */
  readonly stateless: readonly string[];
  /**
   * Files that the options depend on, relative to the program's root; includes the config file even if it does not
   * exist.
   */
  readonly sources: readonly string[];
}

/** @throws what the program's own file throws; esbuild's BuildFailure if it does not parse */
export async function readProgramOptions(program: string): Promise<ProgramOptions> {
  const { root, query } = parseProgram(program);
  const file = FILES.find((name) => existsSync(join(root, name)));
  if (!file) return { options: {}, stateless: [], sources: FILES };
  const { build } = await import("esbuild");
  const [{ default: given, stateless = [] }, { metafile }] = await Promise.all([
    import(pathToFileURL(join(root, file)).href) as Promise<ConfigFile>,
    build({
      absWorkingDir: root,
      entryPoints: [`./${file}`],
      bundle: true,
      packages: "external",
      platform: "node",
      format: "esm",
      metafile: true,
      write: false,
      logLevel: "silent",
    }),
  ]);
  const options = typeof given === "function" ? given(new URLSearchParams(query)) : given;
  return { options, stateless, sources: Object.keys(metafile.inputs) };
}
