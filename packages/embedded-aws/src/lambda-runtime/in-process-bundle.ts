import { readFile } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { Script } from "node:vm";
import type { BuildOptions, Plugin } from "esbuild";
import { digest, findBuild, keepBuild, openCache } from "./bundle-cache.ts";
import { handlerFile, parseProgram, readProgramOptions } from "./bundle-handlers.ts";
import { GLOBALS, type Globals } from "./in-process-globals.ts";
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

/**
 * All handlers of a program as one script. A module is evaluated when one of its handlers is needed.
 * @throws esbuild's BuildFailure, naming file and line; FolderUnusable
 */
export async function bundleInProcess(program: string, handlers: readonly string[]): Promise<Instantiate> {
  const files = [...new Set(handlers.map(handlerFile))].sort();
  const folder = await bundle(program, files);
  const filename = join(folder, "program.js");
  const script = new Script(await readFile(filename, "utf8"), { filename: "program.js" });
  return async (handler, globals) => {
    const values = GLOBALS.map((name) => globals[name]);
    script.runInThisContext()(...values);
    return (await globals.program.modules[handlerFile(handler)]?.()) ?? {};
  };
}

/** The folder with the script. */
async function bundle(program: string, files: readonly string[]): Promise<string> {
  const { root } = parseProgram(program);
  const cache = openCache(root);
  const key = digest(JSON.stringify(["in process", OPTIONS, EVALUATED, TRANSPORT, program, files]));
  const stored = findBuild(cache, key, root);
  if (stored) return stored.folder;
  const outdir = join(cache, "out");
  const { build } = await import("esbuild");
  const modules = files.map((file) => {
    const module = isUnpacked(root) ? moduleOf(root, file) : `./${file}`;
    return `${JSON.stringify(file)}: () => import(${JSON.stringify(module)})`;
  });
  const { options, sources } = isUnpacked(root) ? { options: {}, sources: [] } : await readProgramOptions(program);
  const { outputFiles, metafile } = await build({
    ...OPTIONS,
    ...options,
    ...EVALUATED,
    absWorkingDir: root,
    stdin: { contents: `program.modules = { ${modules.join(", ")} };`, resolveDir: root, sourcefile: "program.js" },
    outfile: join(outdir, "program.js"),
    plugins: [replaceTransport, requireBuiltins, ...(options.plugins ?? [])],
    metafile: true,
    write: false,
  });
  const read = Object.keys(metafile.inputs).filter((input) => input !== "program.js" && !input.includes(":"));
  const inputs = [...read, ...sources];
  return keepBuild(cache, key, { root, inputs, outputs: outputFiles, outdir }).folder;
}
