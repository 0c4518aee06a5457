import { writeFileSync } from "node:fs";
import type { Blueprint } from "./blueprint.ts";
import { blueprintFile } from "./places.ts";

export function writeBlueprint(text: string): void {
  const { resources } = JSON.parse(text) as Blueprint;
  writeFileSync(blueprintFile, text);
  process.stdout.write(`stacks/blueprint.json: ${resources.length} resources\n`);
}
