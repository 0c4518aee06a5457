import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin } from "esbuild";
import * as esbuild from "esbuild";
import { REQUIRE } from "../bundle/options.ts";
import { platformOf } from "./places.ts";
import type { Project } from "./project.ts";

/** SST's line that makes a physical name random, and its replacement, which derives the name from the logical name. */
const RANDOM = 'crypto.randomBytes(8).toString("hex")';

const STABLE = 'crypto.createHash("sha256").update(main + suffix).digest("hex").slice(0, 16)';

const stableNames: esbuild.Plugin = {
  name: "stable-names",
  setup(build) {
    build.onLoad({ filter: /components[\\/]naming\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      if (!source.includes(RANDOM)) {
        throw new Error("SST's naming.ts has changed: check physicalName there and update RANDOM.");
      }
      return { contents: source.replace(RANDOM, STABLE), loader: "ts" };
    });
  },
};

/** The bundle is written to the platform's folder, where only the platform's packages resolve; it includes all others. */
async function platformPackages(platform: string): Promise<esbuild.Plugin> {
  const { dependencies } = JSON.parse(await readFile(join(platform, "package.json"), "utf8"));
  const own = new RegExp(`^(${Object.keys(dependencies).join("|")})(/|$)`);
  return {
    name: "platform-packages",
    setup(build) {
      build.onResolve({ filter: /^[^./]/ }, ({ path, importer }) =>
        importer.startsWith(platform) || own.test(path) ? { path, external: true } : undefined,
      );
    },
  };
}

/** The compiled package has `.js` files. */
const ENDING = import.meta.filename.endsWith(".ts") ? ".ts" : ".js";

/**
 * Bundles the program with its evaluator into the project's copy of SST's platform, where the providers are found.
 * @returns the bundle
 */
export async function bundleEvaluator(project: Project): Promise<string> {
  const platform = platformOf(project.root);
  const outfile = join(platform, `amint-evaluator-${basename(project.config, ".ts")}.mjs`);
  await esbuild.build({
    entryPoints: [fileURLToPath(new URL(`evaluator${ENDING}`, import.meta.url))],
    absWorkingDir: project.root,
    bundle: true,
    platform: "node",
    format: "esm",
    banner: { js: REQUIRE },
    inject: [join(platform, "src", "shim", "run.js")],
    // Stack traces then show lines of the program, not of the bundle.
    sourcemap: "linked",
    logLevel: "error",
    outfile,
    plugins: [stableNames, projectFiles(project), await platformPackages(platform)],
  });
  return outfile;
}

/** Replaces the program's imports of `factory.config.ts`, `sst.config.ts` and SST's platform with the project's files. */
const projectFiles = ({ root, config }: Project): Plugin => ({
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
