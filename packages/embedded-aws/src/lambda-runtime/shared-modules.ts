import { relative, resolve, sep } from "node:path";
import type { Plugin } from "esbuild";

/** The library's modules by name. */
export type Modules = (name: string) => unknown;

/** Before a module's name in `require`. */
export const SHARED = "shared:";

interface SharedModules {
  /** For the program: imports of stateless modules become requests to the library. */
  readonly plugin: Plugin;
  /** The names that the program imports, filled while it is bundled: packages, and files relative to the root. */
  readonly found: ReadonlySet<string>;
  /** For the library: refuses the program's other modules. */
  readonly onlyStateless: Plugin;
}

/**
 * Separates a program's stateless modules: those that keep no state of an execution environment between two calls. In
 * Lambda each environment evaluates them for itself, which gives the same results; here, evaluating them once saves most
 * of the memory, and they run as optimized code.
 * @param stateless beginnings of package names (`zod`, `@aws-sdk/`) and folders (`./core/`); after `!` exceptions
 */
export function shareModules(root: string, stateless: readonly string[]): SharedModules {
  const found = new Set<string>();
  const matches = (name: string): boolean => {
    const last = stateless.findLast((one) => isBelow(name, one.replace(/^!/, "")));
    return last !== undefined && !last.startsWith("!");
  };
  const nameOf = (path: string, folder: string): string =>
    /^\.{1,2}\//.test(path) ? `./${relative(root, resolve(folder, path)).split(sep).join("/")}` : path;
  return {
    found,
    plugin: {
      name: "stateless modules",
      setup(build) {
        build.onResolve({ filter: /.*/ }, ({ path, resolveDir, namespace }) => {
          const name = nameOf(path, resolveDir);
          if (namespace === "shared" || !matches(name)) return undefined;
          found.add(name);
          return { path: name, namespace: "shared", sideEffects: false };
        });
        build.onLoad({ filter: /.*/, namespace: "shared" }, ({ path }) => ({
          contents: `module.exports = require(${JSON.stringify(SHARED + path)});`,
        }));
        build.onResolve({ filter: /.*/, namespace: "shared" }, ({ path }) => ({ path, external: true }));
      },
    },
    onlyStateless: {
      name: "only stateless modules",
      setup(build) {
        build.onResolve({ filter: /^\.{1,2}\// }, ({ path, resolveDir, importer }) => {
          const name = nameOf(path, resolveDir);
          if (name.startsWith("./../") || name.includes("node_modules/") || matches(name)) return undefined;
          const text = `${nameOf(importer, root)} is stateless by bundle.config.ts, but imports ${name}, which is not.`;
          return { errors: [{ text }] };
        });
      },
    },
  };
}

const isBelow = (name: string, prefix: string): boolean =>
  prefix.endsWith("/") ? name.startsWith(prefix) : name === prefix || name.startsWith(`${prefix}/`);
