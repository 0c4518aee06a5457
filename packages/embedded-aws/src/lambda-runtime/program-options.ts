import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { BuildOptions } from "esbuild";

/** Where a program says how its functions are bundled, beside where they are: esbuild's options, its default export. */
const FILE = "bundle.config.ts";

interface ProgramOptions {
  readonly options: BuildOptions;
  /** What the options are made of, from the program's root; the file itself also where there is none. */
  readonly sources: readonly string[];
}

/** @throws what the program's own file throws; esbuild's BuildFailure where it does not parse */
export async function readProgramOptions(root: string): Promise<ProgramOptions> {
  const path = join(root, FILE);
  if (!existsSync(path)) return { options: {}, sources: [FILE] };
  const { build } = await import("esbuild");
  const [{ default: options }, { metafile }] = await Promise.all([
    import(pathToFileURL(path).href) as Promise<{ default: BuildOptions }>,
    build({
      absWorkingDir: root,
      entryPoints: [`./${FILE}`],
      bundle: true,
      packages: "external",
      platform: "node",
      format: "esm",
      metafile: true,
      write: false,
      logLevel: "silent",
    }),
  ]);
  return { options, sources: Object.keys(metafile.inputs) };
}
