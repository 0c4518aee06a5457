import { readFileSync } from "node:fs";
import type { Blueprint, BlueprintResource } from "../../core/factory/blueprint.ts";

/** The checked-in blueprint. */
export const blueprint = JSON.parse(
  readFileSync(new URL("../../blueprint.json", import.meta.url), "utf8"),
) as Blueprint;

/** Resources by the end of their Pulumi type: `EventRule`, `Queue`. */
export const resourcesOf = (kind: string): BlueprintResource[] =>
  blueprint.resources.filter(({ type }) => type.endsWith(`:${kind}`));

/** Targets of rules: functions. Others forward events from a region's default bus to the factory's bus. */
export const functionTargets = (): BlueprintResource[] =>
  resourcesOf("EventTarget").filter((target) => at(target, "roleArn") === undefined);

export const forwardingTargets = (): BlueprintResource[] =>
  resourcesOf("EventTarget").filter((target) => at(target, "roleArn") !== undefined);

/** A value inside a resource's inputs, by keys and indices. */
export const at = <Value = unknown>({ inputs }: BlueprintResource, ...path: (string | number)[]): Value =>
  path.reduce<unknown>((value, key) => (value as Record<string | number, unknown> | undefined)?.[key], inputs) as Value;

export const namesOf = (resources: readonly BlueprintResource[]): string[] => resources.map(({ name }) => name);
