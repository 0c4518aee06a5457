import { join } from "node:path";
import { build } from "esbuild";
import { nameOf } from "./handlers.ts";
import { bundleOptions } from "./options.ts";

/** Node's own `require`, for packages that are still CommonJS inside an ES module. */
const REQUIRE =
  'import { createRequire as $createRequire } from "node:module"; const require = $createRequire(import.meta.url);';

/** Where a function's bundle is, from the folder that all were written to. */
export const bundlePath = (path: string): string => join(nameOf(path), "functions", `${path}.mjs`);

/**
 * Bundles functions for Lambda: `<outdir>/<name>` is what is zipped, with the bundle and its source map.
 * @param paths of their files in `functions/`, without `.ts`
 * @returns esbuild's account of it, with paths from `root`
 * @throws esbuild's BuildFailure, naming file and line
 */
export function bundleFunctions(root: string, paths: readonly string[], outdir: string) {
  return build({
    ...bundleOptions,
    absWorkingDir: root,
    entryPoints: paths.map((path) => ({ in: `./functions/${path}.ts`, out: bundlePath(path).replace(/\.mjs$/, "") })),
    outdir,
    outExtension: { ".js": ".mjs" },
    banner: { js: REQUIRE },
    // For people who read a stack trace. Without the sources in it, which they have.
    sourcemap: "linked",
    sourcesContent: false,
    metafile: true,
  });
}
