import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import type { Folders } from "../../core/component/image-components.ts";

/**
 * The project's folder, and the one with `functions/`, `stacks/` and `images/`. SST bundles the program into the project, so
 * `import.meta` does not contain the program's path.
 */
export const foldersOf = (project: string): Folders => {
  const bundler = createRequire(join(project, "package.json")).resolve("amint/bundle");
  return { project, program: resolve(bundler, "../../..") };
};
