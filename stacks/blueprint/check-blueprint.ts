import { existsSync, readFileSync } from "node:fs";
import type { Blueprint } from "../../core/factory/blueprint.ts";
import { compareBlueprints } from "../../core/factory/difference/compare-blueprints.ts";
import type { Replacement } from "../../core/factory/difference/compare-resources.ts";
import {
  actionWords,
  describeDetails,
  describeGrant,
  describeResource,
} from "../../core/factory/difference/describe-change.ts";
import { blueprintOf, type Project } from "./project.ts";

/**
 * @returns a sentence for the terminal
 * @throws Error listing each resource in which the checked-in blueprint differs from `text`
 */
export function checkBlueprint(text: string, project: Project): string {
  const blueprintFile = blueprintOf(project);
  if (!existsSync(blueprintFile)) throw new Error('blueprint.json does not exist; run "npx amint blueprint".');
  const checkedIn = readFileSync(blueprintFile, "utf8");
  if (checkedIn === text) return "blueprint.json is up to date.";
  const listed = describeDifference(JSON.parse(checkedIn) as Blueprint, JSON.parse(text) as Blueprint);
  const lines = (listed.length > 0 ? listed : ["only its layout differs"]).map((line) => `  ${line}`).join("\n");
  throw new Error(`blueprint.json is out of date; run "npx amint blueprint":\n${lines}`);
}

/** Only `amint diff` knows the provider's replacement rules. */
const unknownReplacement: Replacement = { replaces: () => false, isDeletedFirst: () => false };

/** One line for each resource or grant that was changed, added or removed. */
export function describeDifference(before: Blueprint, now: Blueprint): string[] {
  const { head, resources, grants } = compareBlueprints(before, now, unknownReplacement);
  return [
    ...head,
    ...resources.map((change) => {
      const details = describeDetails(change).join("; ");
      const what = `${actionWords[change.action]}: ${describeResource(change, now.buildRegion)}`;
      return details ? `${what}: ${details}` : what;
    }),
    ...grants.added.map((grant) => `grant added: ${describeGrant(grant)}`),
    ...grants.removed.map((grant) => `grant removed: ${describeGrant(grant)}`),
  ];
}
