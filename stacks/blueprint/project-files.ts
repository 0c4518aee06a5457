import { join } from "node:path";
import type { Plugin } from "esbuild";
import type { Project } from "./project.ts";

/** Replaces the program's imports of `factory.config.ts`, `sst.config.ts` and SST's platform with the project's files. */
export const projectFiles = ({ root, config }: Project): Plugin => ({
  name: "project-files",
  setup(build) {
    build.onResolve({ filter: /[\\/]factory\.config\.[jt]s$/ }, ({ importer }) =>
      importer === config ? undefined : { path: config },
    );
    build.onResolve({ filter: /[\\/]sst\.config\.[jt]s$/ }, () => ({ path: join(root, "sst.config.ts") }));
    build.onResolve({ filter: /[\\/]\.sst[\\/]platform[\\/]/ }, ({ path }) => ({
      path: join(root, path.slice(path.indexOf(".sst"))),
    }));
  },
});
