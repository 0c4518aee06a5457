import { existsSync, readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import type { Blueprint, BlueprintResource } from "../../core/factory/blueprint.ts";
import { blueprintOf, type Project } from "./project.ts";

/** @throws Error listing each resource by which the checked-in blueprint differs from `text` */
export function checkBlueprint(text: string, project: Project): void {
  const blueprintFile = blueprintOf(project);
  if (!existsSync(blueprintFile)) throw new Error('There is no blueprint.json; run "npx amint blueprint".');
  const checkedIn = readFileSync(blueprintFile, "utf8");
  if (checkedIn === text) {
    process.stdout.write("blueprint.json is what the program says.\n");
    return;
  }
  const differences = compareBlueprints(JSON.parse(checkedIn) as Blueprint, JSON.parse(text) as Blueprint);
  const listed = differences.length > 0 ? differences : ["only its layout differs"];
  const lines = listed.map((line) => `  ${line}`).join("\n");
  throw new Error(`blueprint.json is not what the program says; run "npx amint blueprint":\n${lines}`);
}

/** One line for each resource that only one side has (`+` new, `-` gone) or whose inputs differ (`~`, naming them). */
export function compareBlueprints(before: Blueprint, now: Blueprint): string[] {
  const old = byKey(before.resources);
  const current = byKey(now.resources);
  const lines = [...new Set([...old.keys(), ...current.keys()])].toSorted().flatMap((key) => {
    const [was, is] = [old.get(key), current.get(key)];
    if (!was) return [`+ ${key}`];
    if (!is) return [`- ${key}`];
    return isDeepStrictEqual(was, is) ? [] : [`~ ${key}: ${changesOf(was, is).join(", ")}`];
  });
  const sameHead = isDeepStrictEqual({ ...before, resources: [] }, { ...now, resources: [] });
  return sameHead ? lines : ["~ what stands above the resources", ...lines];
}

const byKey = (resources: readonly BlueprintResource[]): Map<string, BlueprintResource> =>
  new Map(resources.map((resource) => [`${resource.type} ${resource.name}`, resource]));

function changesOf(was: BlueprintResource, is: BlueprintResource): string[] {
  const names = new Set([...Object.keys(was.inputs), ...Object.keys(is.inputs)]);
  return [
    ...[...names].filter((name) => !isDeepStrictEqual(was.inputs[name], is.inputs[name])),
    ...(was.region === is.region ? [] : ["its region"]),
    ...(was.handler === is.handler ? [] : ["its handler"]),
    ...(isDeepStrictEqual(was.dependencies, is.dependencies) ? [] : ["its dependencies"]),
    ...(isDeepStrictEqual(was.options, is.options) ? [] : ["its options"]),
  ];
}
