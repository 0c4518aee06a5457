import { readFileSync } from "node:fs";
import type { Blueprint, BlueprintResource } from "../../stacks/blueprint/blueprint.ts";

/** The checked-in blueprint: what deploys. */
export const blueprint = JSON.parse(
  readFileSync(new URL("../../stacks/blueprint.json", import.meta.url), "utf8"),
) as Blueprint;

/** Resources by the end of their Pulumi type: `EventRule`, `Queue`. */
export const resourcesOf = (kind: string): BlueprintResource[] =>
  blueprint.resources.filter(({ type }) => type.endsWith(`:${kind}`));

/** A value inside a resource's inputs, by keys and indices. */
export const at = <Value = unknown>({ inputs }: BlueprintResource, ...path: (string | number)[]): Value =>
  path.reduce<unknown>((value, key) => (value as Record<string | number, unknown> | undefined)?.[key], inputs) as Value;

export const namesOf = (resources: readonly BlueprintResource[]): string[] => resources.map(({ name }) => name);
