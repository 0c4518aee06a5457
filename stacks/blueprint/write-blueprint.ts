import { writeFileSync } from "node:fs";
import type { Blueprint } from "../../core/factory/blueprint.ts";
import { blueprintOf, type Project } from "./project.ts";

/** @returns a sentence for the terminal */
export function writeBlueprint(text: string, project: Project): string {
  const { resources } = JSON.parse(text) as Blueprint;
  writeFileSync(blueprintOf(project), text);
  return `blueprint.json: ${resources.length} resources`;
}
