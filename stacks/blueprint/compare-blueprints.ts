import { isDeepStrictEqual } from "node:util";
import type { Blueprint, BlueprintResource } from "./blueprint.ts";

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
  ];
}
