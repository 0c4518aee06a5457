import { join } from "node:path";
import { build } from "esbuild";
import { nameOf } from "./handlers.ts";
import { bundleOptions, REQUIRE } from "./options.ts";

/** Where a function's bundle is, from the folder that all were written to. */
export const bundlePath = (path: string): string => join(nameOf(path), "functions", `${path}.mjs`);

/**
 * Bundles functions for Lambda: `<outdir>/<name>` is what is zipped, with the bundle and its source map.
 * @param root the program's folder
 * @param config the path of the factory's config
 * @param paths of their files in `functions/`, without `.ts`
 * @returns esbuild's account of it, with paths from `root`
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
    // For reading stack traces. Without the sources, which the repository has.
    sourcemap: "linked",
    sourcesContent: false,
    metafile: true,
  });
}
