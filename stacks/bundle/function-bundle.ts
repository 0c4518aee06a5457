import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { foldersOf } from "./folders.ts";

let written = false;

/**
 * The folder with the bundle of a function, for SST to zip. SST 4.17's own bundling takes no plugins, and
 * without ours the bundles are twice as large.
 * @throws Error with esbuild's words where a source does not build
 */
export function functionBundle(name: string): string {
  const { root, work } = $cli.paths;
  const folder = join(work, "bundles");
  // The blueprint tells which function a handler is, not what is in its bundle.
  if (!written && $cli.command !== "blueprint") {
    // In a process of its own: SST's program is a bundle itself, with another version of esbuild beside it.
    const node = join(root, "node_modules", ".bin", "node");
    const { program } = foldersOf(root);
    execFileSync(node, [join(program, "stacks/bundle/write.mjs"), folder, join(root, "factory.config.ts")], {
      stdio: ["ignore", "inherit", "inherit"],
    });
    written = true;
  }
  return join(folder, name);
}
