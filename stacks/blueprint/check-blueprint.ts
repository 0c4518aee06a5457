import { existsSync, readFileSync } from "node:fs";
import type { Blueprint } from "./blueprint.ts";
import { compareBlueprints } from "./compare-blueprints.ts";
import { blueprintFile } from "./places.ts";

/** @throws Error listing each resource by which the checked-in blueprint differs from `text` */
export function checkBlueprint(text: string): void {
  if (!existsSync(blueprintFile)) throw new Error('There is no stacks/blueprint.json; run "npm run blueprint".');
  const checkedIn = readFileSync(blueprintFile, "utf8");
  if (checkedIn === text) {
    process.stdout.write("stacks/blueprint.json is what the program says.\n");
    return;
  }
  const differences = compareBlueprints(JSON.parse(checkedIn) as Blueprint, JSON.parse(text) as Blueprint);
  const listed = differences.length > 0 ? differences : ["only its layout differs"];
  const lines = listed.map((line) => `  ${line}`).join("\n");
  throw new Error(`stacks/blueprint.json is not what the program says; run "npm run blueprint":\n${lines}`);
}
