import type { Blueprint } from "../blueprint.ts";
import { compareGrants, type Grant } from "./compare-grants.ts";
import { compareResources, type Replacement, type ResourceChange } from "./compare-resources.ts";
import { isSame, valueChanges } from "./value-changes.ts";

/** How two blueprints differ. */
export interface BlueprintDifference {
  /** Changes of the blueprint's header: `factory: "acme" → "globex"`. */
  readonly head: readonly string[];
  readonly resources: readonly ResourceChange[];
  readonly grants: { readonly added: readonly Grant[]; readonly removed: readonly Grant[] };
}

export function compareBlueprints(before: Blueprint, now: Blueprint, replacement: Replacement): BlueprintDifference {
  const [{ resources: _old, ...was }, { resources: _current, ...is }] = [before, now];
  const keys = Object.keys({ ...was, ...is }) as (keyof typeof is)[];
  return {
    head: keys.flatMap((key) => (isSame(was[key], is[key]) ? [] : valueChanges(key, was[key], is[key]))),
    resources: compareResources(before, now, replacement),
    grants: compareGrants(before, now),
  };
}

export const isDifferent = ({ head, resources }: BlueprintDifference): boolean => head.length + resources.length > 0;
