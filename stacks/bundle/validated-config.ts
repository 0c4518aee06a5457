import { pathToFileURL } from "node:url";
import type { Plugin } from "esbuild";

const VALIDATED = "validated-config";

/**
 * The factory's config goes into the bundles as it comes out of its validation, which so happens once, here, and not
 * in every cold start: the schema and what it needs stay out. A mistake in the config fails the build with its path.
 */
export const validatedConfig: Plugin = {
  name: VALIDATED,
  setup(build) {
    build.onResolve({ filter: /[\\/]factory\.config\.ts$/ }, async ({ path, ...from }) => {
      if (from.pluginData === VALIDATED) return undefined;
      const { kind, importer, resolveDir } = from;
      const source = await build.resolve(path, { kind, importer, resolveDir, pluginData: VALIDATED });
      // What the validated values are imported from is read, so that the build knows its sources, and left out.
      if (from.namespace === VALIDATED) return { path: source.path, sideEffects: false };
      return { path: source.path, namespace: VALIDATED };
    });
    build.onLoad({ filter: /.*/, namespace: VALIDATED }, async ({ path }) => {
      const { default: factory } = await import(pathToFileURL(path).href);
      const contents = `import ${JSON.stringify(path)};\nexport default ${JSON.stringify(factory)};`;
      return { contents, loader: "js", resolveDir: build.initialOptions.absWorkingDir ?? process.cwd() };
    });
  },
};
