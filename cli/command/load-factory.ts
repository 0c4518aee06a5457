import { pathToFileURL } from "node:url";
import type { Factory } from "../../core/factory/factory-schema.ts";
import { findProject } from "../../stacks/blueprint/project.ts";

/**
 * The factory of a config.
 * @param config its path; left out, the project's `factory.config.ts`
 * @throws FactoryConfigError listing what is wrong in it; NoProject
 */
export async function loadFactory(config?: string): Promise<Factory> {
  return (await import(pathToFileURL(findProject(config).config).href)).default;
}
