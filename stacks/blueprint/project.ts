import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder that describes a deployment: a user's, or the checkout. The program can be in `node_modules`. */
export interface Project {
  /** The absolute path of the folder with `sst.config.ts`; paths in the config are relative to it. */
  readonly root: string;
  /** The absolute path of the factory's config. */
  readonly config: string;
}

const CONFIG = "factory.config.ts";

/**
 * @param config the path of a config; default: AMINT_CONFIG, else the `factory.config.ts` in the working directory or the
 * nearest folder above it
 * @throws NoProject
 */
export function findProject(config = process.env.AMINT_CONFIG): Project {
  if (config === undefined) {
    const root = findUp(process.cwd(), CONFIG);
    if (!root) throw new NoProject(`There is no ${CONFIG} in ${process.cwd()} or a folder above it`);
    return { root, config: join(root, CONFIG) };
  }
  const path = resolve(config);
  if (!existsSync(path)) throw new NoProject(`${config} does not exist`);
  return { root: findUp(dirname(path), "sst.config.ts") ?? dirname(path), config: path };
}

/** The file that `amint blueprint` writes. */
export const blueprintOf = ({ root }: Pick<Project, "root">): string => join(root, "blueprint.json");

/** The program's folder: the checkout, or the package's `dist`. */
export const root = fileURLToPath(new URL("../..", import.meta.url));

/** The program's folder with a project's config in the query, for the embedded AWS: `bundle.config.ts` reads it. */
export const programOf = ({ config }: Pick<Project, "config"> = findProject()): string =>
  `${root}?${new URLSearchParams({ config })}`;

/** The nearest folder, from here upwards, that has a file with this name. */
function findUp(from: string, name: string): string | undefined {
  if (existsSync(join(from, name))) return from;
  return dirname(from) === from ? undefined : findUp(dirname(from), name);
}

class NoProject extends Error {
  override readonly name = "NoProject";

  constructor(what: string) {
    super(`${what}. Change to a factory's folder, name its config with --config, or run \`npm create amint\`.`);
  }
}
