import { existsSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";

/**
 * Links the installed packages into a copy of the tree. Workspace packages are the copy's: changes
 * there take effect there.
 */
export function linkPackages(folder: string): void {
  const modules = join(folder, "node_modules");
  mkdirSync(modules);
  for (const name of readdirSync("node_modules")) {
    const own = join(folder, "packages", name);
    symlinkSync(existsSync(own) ? own : resolve("node_modules", name), join(modules, name), "junction");
  }
}
