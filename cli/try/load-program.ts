import type { Program } from "../../local/boot/boot-factory.ts";
import { evaluateProgram } from "../../stacks/blueprint/evaluate-program.ts";
import { findProject, programOf } from "../../stacks/blueprint/project.ts";
import { loadFactory } from "../command/load-factory.ts";

/**
 * The program of a config, evaluated as it is now: `blueprint.json` may be older.
 * @param config its path (default: the project's)
 * @throws ConfigNotLoaded, FactoryConfigError, NoProject
 */
export async function loadProgram(config?: string): Promise<Program> {
  const factory = await loadFactory(config);
  const project = findProject(config);
  return { factory, blueprint: JSON.parse(await evaluateProgram(project)), program: programOf(project) };
}
