import { join } from "node:path";
import { build } from "esbuild";
import { nameOf } from "./handlers.ts";
import { bundleOptions, REQUIRE } from "./options.ts";

/** The path of a function's bundle, relative to the output folder. */
export const bundlePath = (path: string): string => join(nameOf(path), "functions", `${path}.mjs`);

/**
 * Bundles functions for Lambda: `<outdir>/<name>` is the folder to zip, with the bundle and its source map.
 * @param root the program's folder
 * @param config the path of the factory's config
 * @param paths the functions' files in `functions/`, without `.ts`
 * @returns esbuild's result, with paths relative to `root`
 * @throws esbuild's BuildFailure, naming file and line
 */
export function bundleFunctions(root: string, config: string, paths: readonly string[], outdir: string) {
  return build({
    ...bundleOptions(config),
    absWorkingDir: root,
    entryPoints: paths.map((path) => ({ in: `./functions/${path}`, out: bundlePath(path).replace(/\.mjs$/, "") })),
    outdir,
    outExtension: { ".js": ".mjs" },
    banner: { js: REQUIRE },
    // For stack traces. The sources themselves are in the repository.
    sourcemap: "linked",
    sourcesContent: false,
    metafile: true,
  });
}
