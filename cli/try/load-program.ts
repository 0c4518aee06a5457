import type { Blueprint } from "embedded-aws/deploy";
import type { Factory } from "../../core/factory/factory-schema.ts";
import { evaluateProgram } from "../../stacks/blueprint/evaluate-program.ts";
import { findProject, programOf } from "../../stacks/blueprint/project.ts";
import { loadFactory } from "../command/load-factory.ts";

/** A factory, its resources, and the folder of its functions. */
export interface TriedProgram {
  readonly factory: Factory;
  readonly blueprint: Blueprint;
  readonly program: string;
}

/**
 * The program of a config, evaluated as it is now: `blueprint.json` may be older.
 * @param config its path (default: the project's)
 * @throws ConfigNotLoaded, FactoryConfigError, NoProject
 */
export async function loadProgram(config?: string): Promise<TriedProgram> {
  const factory = await loadFactory(config);
  const project = findProject(config);
  return { factory, blueprint: JSON.parse(await evaluateProgram(project)), program: programOf(project) };
}
