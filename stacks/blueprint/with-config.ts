import type { Plugin } from "esbuild";

/** The program with another factory's config than the checkout's. */
export const withConfig = (path: string): Plugin => ({
  name: "with-config",
  setup(build) {
    build.onResolve({ filter: /[\\/]factory\.config\.ts$/ }, ({ importer }) =>
      importer === path ? undefined : { path },
    );
  },
});
