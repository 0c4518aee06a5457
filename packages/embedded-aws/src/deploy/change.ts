import { isDeepStrictEqual } from "node:util";
import { defineState, type EmbeddedAws } from "../engine/embedded-aws.ts";
import type { BlueprintResource } from "./blueprint.ts";
import type { Attributes } from "./references.ts";
import { RESOURCE_TYPES } from "./resource-types.ts";

/** What a deployment does with a resource; after `retain` and `delete` it is no longer in the stack. */
export type Action = "same" | "create" | "update" | "replace" | "delete" | "retain";

interface Change {
  readonly action: "same" | "update" | "replace";
  /** A replaced resource is deleted before its successor is created. */
  readonly deleteFirst: boolean;
  /** The new inputs, except those whose changes are ignored. */
  readonly inputs: Record<string, unknown>;
}

/** What happens to an existing resource for the program's new `inputs`. */
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

/** Whether a changed input replaces a resource of this type, because AWS cannot change it in place. */
export function replaces(type: string, key: string): boolean {
  const { update, replacedBy = [] } = RESOURCE_TYPES[type] ?? {};
  return !update || replacedBy.includes(key);
}

/**
 * The option decides. Without it: if the provider can generate the name and the program sets it, the successor's name
 * would conflict with its predecessor's (pulumi-terraform-bridge, `nameRequiresDeleteBeforeReplace`).
 */
export const isDeletedFirst = (
  { type, options }: Pick<BlueprintResource, "type" | "options">,
  inputs: Readonly<Record<string, unknown>>,
): boolean => options?.deleteBeforeReplace ?? inputs[RESOURCE_TYPES[type]?.autoNamed ?? "name"] !== undefined;

/**
 * Resources to delete before `root` when `root` is deleted first: those that depend on it through an input that
 * replaces them, and their dependents in turn; last dependent first (Pulumi's `calculateDependentReplacements`).
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

/** A resource as it was deployed. */
export interface StackResource {
  readonly resource: BlueprintResource;
  /** With every reference replaced by its value. */
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly attributes: Attributes;
  /** The program's folder. */
  readonly root: string;
}

/** What earlier deployments left, like Pulumi's state. */
export interface Stack {
  readonly resources: Map<string, StackResource>;
  /** Replaced resources that are still to be deleted. */
  replaced: StackResource[];
}

const stacks = defineState("deployed stack", (): Stack => ({ resources: new Map(), replaced: [] }));

/** A program's stack: one for each account and region that programs are deployed to. */
export const stackOf = (aws: EmbeddedAws, account: string, region: string): Stack => aws.state(stacks, account, region);

/** Identifies a resource across deployments. */
export const keyOf = ({ type, name }: Pick<BlueprintResource, "type" | "name">): string => `${type} ${name}`;
