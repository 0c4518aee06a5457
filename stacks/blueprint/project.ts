import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/** A user's own folder, or the checkout: it describes what is deployed. The program can be in `node_modules`. */
export interface Project {
  /** The absolute folder with `sst.config.ts`, which the paths in the config start from. */
  readonly root: string;
  /** The absolute path of the factory's config. */
  readonly config: string;
}

const CONFIG = "factory.config.ts";

/**
 * @param config the path of a config; left out: AMINT_CONFIG, else the `factory.config.ts` nearest to the working
 * directory, upwards
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

/** What deploys, as `amint blueprint` writes it. */
export const blueprintOf = ({ root }: Pick<Project, "root">): string => join(root, "blueprint.json");

/** The nearest folder, upwards, that has a file of this name. */
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
