import { isDeepStrictEqual } from "node:util";
import type { BlueprintResource } from "./blueprint.ts";
import { RESOURCE_TYPES } from "./resource-types.ts";
import type { StackResource } from "./stack.ts";

/** What a deployment does with a resource; `retain` and `delete` end it. */
export type Action = "same" | "create" | "update" | "replace" | "delete" | "retain";

interface Change {
  readonly action: "same" | "update" | "replace";
  /** A replaced resource is deleted before its successor is created. */
  readonly deleteFirst: boolean;
  /** What the resource gets: the new inputs, but for those whose changes are ignored. */
  readonly inputs: Record<string, unknown>;
}

/** What becomes of a resource that is there, now that the program says `inputs`. */
export function judgeChange(
  { resource: was, inputs: before }: StackResource,
  resource: BlueprintResource,
  wanted: Record<string, unknown>,
): Change {
  const inputs = withIgnored(wanted, before, resource.options?.ignoreChanges ?? []);
  const changed = [...new Set([...Object.keys(before), ...Object.keys(inputs)])].filter(
    (key) => !isDeepStrictEqual(before[key] ?? undefined, inputs[key] ?? undefined),
  );
  const isReplaced = was.region !== resource.region || changed.some((key) => replaces(resource.type, key));
  if (isReplaced) return { action: "replace", deleteFirst: isDeletedFirst(resource, inputs), inputs };
  const isUpdated = changed.length > 0 || was.handler !== resource.handler;
  return { action: isUpdated ? "update" : "same", deleteFirst: false, inputs };
}

const withIgnored = (
  wanted: Record<string, unknown>,
  before: Readonly<Record<string, unknown>>,
  ignored: readonly string[],
): Record<string, unknown> => ({
  ...wanted,
  ...Object.fromEntries(ignored.flatMap((key) => (Object.hasOwn(before, key) ? [[key, before[key]]] : []))),
});

/** Whether a change of an input replaces a resource of the type, because AWS cannot make it in place. */
export function replaces(type: string, key: string): boolean {
  const { update, replacedBy = [] } = RESOURCE_TYPES[type] ?? {};
  return !update || replacedBy.includes(key);
}

/**
 * The option decides. Without it, a name that the provider could have made up and the program gave means that the successor
 * would meet its predecessor's (pulumi-terraform-bridge, `nameRequiresDeleteBeforeReplace`).
 */
export const isDeletedFirst = (
  { type, options }: Pick<BlueprintResource, "type" | "options">,
  inputs: Readonly<Record<string, unknown>>,
): boolean => options?.deleteBeforeReplace ?? inputs[RESOURCE_TYPES[type]?.autoNamed ?? "name"] !== undefined;

/**
 * What is deleted together with a resource that is deleted before it is replaced: whoever depends on it by an input that
 * replaces, and whoever depends on those in turn; the last dependent first (Pulumi's `calculateDependentReplacements`).
 */
export function dependentsToReplace(root: StackResource, all: readonly StackResource[]): StackResource[] {
  const found = new Set([root]);
  const visit = (one: StackResource): void => {
    for (const other of all) {
      if (found.has(other) || !isReplacedWith(other.resource, one.resource.name)) continue;
      found.add(other);
      visit(other);
    }
  };
  visit(root);
  found.delete(root);
  return [...found].toReversed();
}

const isReplacedWith = ({ type, dependencies = {} }: BlueprintResource, name: string): boolean =>
  Object.entries(dependencies).some(([input, names]) => names.includes(name) && replaces(type, input));
