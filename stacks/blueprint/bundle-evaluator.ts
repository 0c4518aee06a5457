import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import * as esbuild from "esbuild";
import { platform, root } from "./places.ts";
import { withConfig } from "./with-config.ts";

/** SST's own line that makes a physical name random, and the one that derives it from the logical name instead. */
const RANDOM = 'crypto.randomBytes(8).toString("hex")';

const STABLE = 'crypto.createHash("sha256").update(main + suffix).digest("hex").slice(0, 16)';

const stableNames: esbuild.Plugin = {
  name: "stable-names",
  setup(build) {
    build.onLoad({ filter: /components[\\/]naming\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      if (!source.includes(RANDOM)) {
        throw new Error(
          "SST's naming.ts no longer makes names as it did: look at physicalName there, and mend RANDOM.",
        );
      }
      return { contents: source.replace(RANDOM, STABLE), loader: "ts" };
    });
  },
};

/**
 * Bundles the program with its evaluator into SST's platform, where the providers are found.
 * @param config the path of a config instead of `factory.config.ts`
 * @returns the bundle
 */
export async function bundleEvaluator(config?: string): Promise<string> {
  const outfile = join(platform, config ? `amint-evaluator-${basename(config, ".ts")}.mjs` : "amint-evaluator.mjs");
  await esbuild.build({
    entryPoints: [join(root, "stacks", "blueprint", "evaluator.ts")],
    absWorkingDir: root,
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    inject: [join(platform, "src", "shim", "run.js")],
    // A failure names the line of the program, not of the bundle.
    sourcemap: "linked",
    logLevel: "error",
    outfile,
    plugins: [stableNames, ...(config ? [withConfig(config)] : [])],
  });
  return outfile;
}
