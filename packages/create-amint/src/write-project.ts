import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Answers } from "./answers.ts";
import { factoryConfig } from "./factory-config.ts";
import type { Packages } from "./packages-from.ts";

const template = fileURLToPath(new URL("../template", import.meta.url));

/** npm excludes files with these names from packages. */
const RENAMED = { gitignore: ".gitignore", npmrc: ".npmrc" };

/**
 * Writes a new project.
 * @param folder absolute; created if it does not exist
 * @throws Error if the folder is not empty
 */
export function writeProject(folder: string, answers: Answers, packages: Packages): void {
  mkdirSync(folder, { recursive: true });
  if (readdirSync(folder).some((entry) => entry !== ".git")) {
    throw new Error(`${folder} is not empty. Choose a new or empty folder.`);
  }
  cpSync(template, folder, { recursive: true });
  for (const [shipped, name] of Object.entries(RENAMED)) renameSync(join(folder, shipped), join(folder, name));
  writeFileSync(join(folder, "factory.config.ts"), factoryConfig(answers));
  const { name: _, dependencies, ...rest } = JSON.parse(readFileSync(join(template, "package.json"), "utf8"));
  const manifest = { name: answers.name, ...rest, dependencies: { ...packages, ...dependencies } };
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(manifest, undefined, 2)}\n`);
}
