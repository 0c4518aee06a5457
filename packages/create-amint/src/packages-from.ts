import { readdirSync, statSync } from "node:fs";
import { join, relative, resolve } from "node:path";

/** A new project's dependencies on Amint: npm's specs by package. */
export type Packages = Readonly<Record<string, string>>;

/**
 * @param spec a version or range, or a folder with the tarballs of amint and its packages from `npm pack`
 * @param project the absolute folder of the new project
 * @throws Error if the folder does not contain a tarball
 */
export function packagesFrom(spec: string, project: string): Packages {
  const folder = resolve(spec);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return { amint: spec };
  const tarballOf = (name: string) => {
    const found = readdirSync(folder).findLast((file) => new RegExp(`^${name}-\\d.*\\.tgz$`).test(file));
    if (!found) throw new Error(`${spec} has no tarball of ${name}. Create it there with npm pack.`);
    return `file:${relative(project, join(folder, found))}`;
  };
  const names = ["amint", "component-runner", "embedded-aws"];
  return Object.fromEntries(names.map((name) => [name, tarballOf(name)]));
}
