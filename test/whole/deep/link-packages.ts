import { existsSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";

/**
 * Gives a copy of the tree the packages that are installed here. Those of the workspace are the copy's own: what is changed
 * there counts there.
 */
export function linkPackages(folder: string): void {
  const modules = join(folder, "node_modules");
  mkdirSync(modules);
  for (const name of readdirSync("node_modules")) {
    const own = join(folder, "packages", name);
    symlinkSync(existsSync(own) ? own : resolve("node_modules", name), join(modules, name), "junction");
  }
}
