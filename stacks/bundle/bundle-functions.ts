import { readdirSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { bundleOptions } from "./options.ts";

/** Node's own `require`, for packages that are still CommonJS inside an ES module. */
const REQUIRE =
  'import { createRequire as $createRequire } from "node:module"; const require = $createRequire(import.meta.url);';

/** Every function of the factory: `functions/<name>.ts`. */
export const functionNames = (root: string): string[] =>
  readdirSync(join(root, "functions"))
    .filter((file) => file.endsWith(".ts"))
    .map((file) => file.slice(0, -".ts".length))
    .sort();

/** Where a function's bundle is, from the folder that all were written to. */
export const bundlePath = (name: string): string => join(name, "functions", `${name}.mjs`);

/**
 * Bundles functions for Lambda: `<outdir>/<name>` is what is zipped, with the bundle and its source map.
 * @returns esbuild's account of it, with paths from `root`
 * @throws esbuild's BuildFailure, naming file and line
 */
export function bundleFunctions(root: string, names: readonly string[], outdir: string) {
  return build({
    ...bundleOptions,
    absWorkingDir: root,
    entryPoints: names.map((name) => ({ in: `./functions/${name}.ts`, out: bundlePath(name).replace(/\.mjs$/, "") })),
    outdir,
    outExtension: { ".js": ".mjs" },
    banner: { js: REQUIRE },
    // For people who read a stack trace. Without the sources in it, which they have.
    sourcemap: "linked",
    sourcesContent: false,
    metafile: true,
  });
}
