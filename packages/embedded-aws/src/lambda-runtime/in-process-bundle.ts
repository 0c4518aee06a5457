import { isBuiltin } from "node:module";
import { join } from "node:path";
import type { Script } from "node:vm";
import type { BuildOptions, Plugin } from "esbuild";
import { digest, findBuild, keepBuild, openCache } from "./bundle-cache.ts";
import { handlerFile, type ProgramOptions, parseProgram, readProgramOptions } from "./bundle-handlers.ts";
import { keepCompiled, scriptOf } from "./compiled-script.ts";
import { currentSurroundings } from "./current-environment.ts";
import { GLOBALS, type Globals, inProcessGlobals } from "./in-process-globals.ts";
import { type Modules, SHARED, shareModules } from "./shared-modules.ts";
import { isUnpacked, moduleOf } from "./unpack-archive.ts";

/** Evaluates a module of the program anew with the given globals. */
export type Instantiate = (handler: string, globals: Globals) => Promise<Record<string, unknown>>;

const sender = JSON.stringify(join(import.meta.dirname, "direct-client.ts"));

/** Replaces parts of the SDK: requests go to the environment's transport, as direct calls if possible. */
const TRANSPORT: Readonly<Record<string, string>> = {
  "@smithy/core/client": `
    import { Client as HttpClient } from "@smithy/core/client";
    import { DirectSender } from ${sender};
    export * from "@smithy/core/client";
    const sender = new DirectSender(transport);
    export class Client extends HttpClient {
      send(command, options, callback) {
        const withCallback = typeof (callback ?? options) === "function";
        const sent = withCallback ? undefined : sender.send(this, command, options);
        return sent ?? super.send(command, options, callback);
      }
    }
  `,
  "@smithy/node-http-handler": `
    export { streamCollector } from "@smithy/core/serde";
    export const DEFAULT_REQUEST_TIMEOUT = 0;
    export class NodeHttpHandler {
      metadata = { handlerProtocol: "http/1.1" };
      static create(given) { return typeof given?.handle === "function" ? given : new NodeHttpHandler(); }
      handle(request) { return transport.handle(request); }
      updateHttpClientConfig() {}
      httpHandlerConfigs() { return {}; }
      destroy() {}
    }
    export class NodeHttp2Handler extends NodeHttpHandler {}
  `,
};

const replaceTransport: Plugin = {
  name: "in-process transport",
  setup(build) {
    build.onResolve({ filter: /^@smithy\/(core\/client|node-http-handler)$/ }, ({ path, namespace, resolveDir }) =>
      namespace === "in-process" ? undefined : { path, namespace: "in-process", pluginData: resolveDir },
    );
    build.onLoad({ filter: /.*/, namespace: "in-process" }, ({ path, pluginData }) => ({
      contents: TRANSPORT[path] ?? "",
      resolveDir: pluginData,
    }));
  },
};

/** Node's built-in modules come from the environment's `require`: a script has no import statements. */
const requireBuiltins: Plugin = {
  name: "built-in modules",
  setup(build) {
    build.onResolve({ filter: /.*/ }, ({ path, namespace, kind }) => {
      if (!isBuiltin(path)) return undefined;
      return namespace === "builtin" || kind === "require-call"
        ? { path, external: true }
        : { path, namespace: "builtin" };
    });
    build.onLoad({ filter: /.*/, namespace: "builtin" }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(path)});`,
    }));
  },
};

/** Defaults for programs without their own options. */
const OPTIONS = {
  platform: "node",
  target: "node24",
  mainFields: ["module", "main"],
  logLevel: "silent",
} satisfies BuildOptions;

/** Fixed options, because they determine how scripts are evaluated. */
const EVALUATED = {
  bundle: true,
  // The only format that supports top-level await.
  format: "esm",
  // A function of the globals, so that every execution environment gets its own modules.
  banner: { js: `(function (${GLOBALS.join(", ")}) {` },
  footer: { js: "\n})" },
  define: { "import.meta.url": JSON.stringify("file:///program.js") },
} satisfies BuildOptions;

/** Archives are loaded unchanged. */
const NO_OPTIONS: ProgramOptions = { options: {}, stateless: [], sources: [] };

const [PROGRAM, LIBRARY] = ["program.js", "library.js"] as const;

/**
 * All handlers of a program as one script. A module is evaluated when one of its handlers is needed. Stateless modules
 * are in a second script, which is evaluated once for all environments.
 * @throws esbuild's BuildFailure, naming file and line; FolderUnusable
 */
export async function bundleInProcess(program: string, handlers: readonly string[]): Promise<Instantiate> {
  const files = [...new Set(handlers.map(handlerFile))].sort();
  const folder = await bundle(program, files);
  const [script, shared] = await Promise.all([scriptOf(join(folder, PROGRAM)), libraryOf(join(folder, LIBRARY))]);
  return async (handler, globals) => {
    evaluate(script, { ...globals, require: Object.assign(requireShared(shared, globals), globals.require) });
    return ((await globals.program.modules[handlerFile(handler)]?.()) ?? {}) as Record<string, unknown>;
  };
}

function evaluate(script: Script, globals: Globals): void {
  script.runInThisContext()(...GLOBALS.map((name) => globals[name]));
  keepCompiled(script);
}

/** The environment's `require`, which also finds the library's modules. */
const requireShared = (shared: Modules, { require }: Globals) => {
  const requireBuiltin = require as (id: string) => unknown;
  return (id: string): unknown => (id.startsWith(SHARED) ? shared(id.slice(SHARED.length)) : requireBuiltin(id));
};

const libraries = new Map<string, Promise<Modules>>();

function libraryOf(file: string): Promise<Modules> {
  const known = libraries.get(file) ?? scriptOf(file).then(evaluateLibrary);
  libraries.set(file, known);
  return known;
}

/** Its modules use the globals of the environment that calls them. */
function evaluateLibrary(script: Script): Modules {
  const { globals } = inProcessGlobals(currentSurroundings);
  evaluate(script, globals);
  const found = new Map<string, unknown>();
  return (name) => {
    if (!found.has(name)) found.set(name, Object.create(globals.program.modules[name]?.() as object));
    return found.get(name);
  };
}

/** esbuild leaves regular expressions as they are. With a single other character V8 keeps two bytes for each. */
const inAscii = (code: string): string =>
  code.replace(/[^\0-\x7f]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** The folder with the scripts. */
async function bundle(program: string, files: readonly string[]): Promise<string> {
  const { root } = parseProgram(program);
  const cache = openCache(root);
  const key = digest(
    JSON.stringify([PROGRAM, LIBRARY, OPTIONS, EVALUATED, TRANSPORT, String(inAscii), program, files]),
  );
  const stored = findBuild(cache, key, root);
  if (stored) return stored.folder;
  const outdir = join(cache, "out");
  const { build } = await import("esbuild");
  const { options, stateless, sources } = isUnpacked(root) ? NO_OPTIONS : await readProgramOptions(program);
  const write = async (name: string, modules: readonly string[], plugins: readonly Plugin[]) =>
    await build({
      ...OPTIONS,
      ...options,
      ...EVALUATED,
      absWorkingDir: root,
      stdin: { contents: `program.modules = { ${modules.join(", ")} };`, resolveDir: root, sourcefile: name },
      outfile: join(outdir, name),
      plugins: [...plugins, replaceTransport, requireBuiltins, ...(options.plugins ?? [])],
      metafile: true,
      write: false,
    });
  const shared = shareModules(root, stateless);
  const handlers = files.map((file) => {
    const module = isUnpacked(root) ? moduleOf(root, file) : `./${file}`;
    return `${JSON.stringify(file)}: () => import(${JSON.stringify(module)})`;
  });
  const environment = await write(PROGRAM, handlers, [shared.plugin]);
  const required = [...shared.found]
    .sort()
    .map((name) => `${JSON.stringify(name)}: () => require(${JSON.stringify(name)})`);
  const library = await write(LIBRARY, required, [shared.onlyStateless]);
  const read = [environment, library].flatMap(({ metafile }) => Object.keys(metafile.inputs));
  const inputs = [
    ...read.filter((input) => input !== PROGRAM && input !== LIBRARY && !input.includes(":")),
    ...sources,
  ];
  const outputs = [environment, library].flatMap(({ outputFiles }) =>
    outputFiles.map(({ path, text }) => ({ path, text: inAscii(text) })),
  );
  return keepBuild(cache, key, { root, inputs: [...new Set(inputs)], outputs, outdir }).folder;
}
