import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { foldersOf } from "./folders.ts";

let written = false;

/**
 * The folder with a function's bundle, which SST zips. SST 4.17 cannot bundle with esbuild plugins, and without ours the
 * bundles are twice as large.
 * @throws Error with esbuild's message if a source does not build
 */
export function functionBundle(name: string): string {
  const { root, work } = $cli.paths;
  const folder = join(work, "bundles");
  // The blueprint contains the name of a handler, not its bundle.
  if (!written && $cli.command !== "blueprint") {
    // In a separate process: SST's program is itself a bundle, next to another version of esbuild.
    const node = join(root, "node_modules", ".bin", "node");
    const { program } = foldersOf(root);
    execFileSync(node, [join(program, "stacks/bundle/write.mjs"), folder, join(root, "factory.config.ts")], {
      stdio: ["ignore", "inherit", "inherit"],
    });
    written = true;
  }
  return join(folder, name);
}
