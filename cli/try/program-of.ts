import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Blueprint } from "embedded-aws/deploy";
import type { Factory } from "../../core/factory/factory-schema.ts";
import { readBlueprint, root } from "../command/blueprint.ts";
import { loadFactory } from "../command/load-factory.ts";

/** A factory, what deploys it, and the folder from which its functions are bundled. */
export interface TriedProgram {
  readonly factory: Factory;
  readonly blueprint: Blueprint;
  readonly program: string;
}

/**
 * The program of a config.
 * @param config its path; left out: the checkout's own
 * @throws ConfigMissing, NoFactory, FactoryConfigError
 */
export async function programOf(config?: string): Promise<TriedProgram> {
  if (config === undefined) return { factory: await loadFactory(), blueprint: await readBlueprint(), program: root };
  const path = resolve(config);
  if (!existsSync(path)) throw new ConfigMissing(path);
  const { default: factory } = (await import(pathToFileURL(path).href)) as { default?: Factory };
  if (!factory?.images) throw new NoFactory(path);
  const { evaluateProgram } = (await import(
    pathToFileURL(join(root, "stacks/blueprint/evaluate-program.ts")).href
  )) as { evaluateProgram(config: string): Promise<string> };
  const blueprint = JSON.parse(await evaluateProgram(path)) as Blueprint;
  return { factory, blueprint, program: await functionsWith(path) };
}

/** The functions with that config in their bundles, in a folder that is kept for the next run. */
async function functionsWith(config: string): Promise<string> {
  const name = createHash("sha256").update(config).digest("hex").slice(0, 16);
  const folder = join(root, ".sst/try", name);
  // Bundles are cached in the nearest node_modules.
  await mkdir(join(folder, "node_modules"), { recursive: true });
  const functions = join(folder, "functions");
  if (!existsSync(functions)) await symlink(join(root, "functions"), functions);
  const lines = [
    `import options from ${JSON.stringify(join(root, "bundle.config.ts"))};`,
    `import { withConfig } from ${JSON.stringify(join(root, "stacks/blueprint/with-config.ts"))};`,
    `export default { ...options, plugins: [withConfig(${JSON.stringify(config)}), ...options.plugins] };`,
  ];
  await writeFile(join(folder, "bundle.config.ts"), `${lines.join("\n")}\n`);
  return folder;
}

class ConfigMissing extends Error {
  override readonly name = "ConfigMissing";

  constructor(path: string) {
    super(`${path} does not exist. --config takes the path of a factory.config.ts.`);
  }
}

class NoFactory extends Error {
  override readonly name = "NoFactory";

  constructor(path: string) {
    super(`${path} has no factory as its default export: export default defineFactory({ ... }).`);
  }
}
