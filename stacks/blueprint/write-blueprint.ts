import { writeFileSync } from "node:fs";
import type { Blueprint } from "../../core/factory/blueprint.ts";
import { blueprintOf, type Project } from "./project.ts";

export function writeBlueprint(text: string, project: Project): void {
  const { resources } = JSON.parse(text) as Blueprint;
  writeFileSync(blueprintOf(project), text);
  process.stdout.write(`blueprint.json: ${resources.length} resources\n`);
}
