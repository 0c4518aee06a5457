import type { Blueprint, BlueprintResource } from "../blueprint.ts";
import { isSame } from "./value-changes.ts";

/** What the AWS provider cannot change in place. */
export interface Replacement {
  /** Whether changing this input replaces a resource of the type. */
  readonly replaces: (type: string, input: string) => boolean;
  /** Whether a replaced resource is deleted before its successor is created. */
  readonly isDeletedFirst: (resource: BlueprintResource, inputs: BlueprintResource["inputs"]) => boolean;
}

export interface InputChange {
  readonly input: string;
  /** Absent if the input was added. */
  readonly before?: unknown;
  /** Absent if the input was removed. */
  readonly now?: unknown;
  /** AWS cannot make this change in place. */
  readonly replaces: boolean;
  /** Logical names of replaced resources whose new identity changes the value, although its text is the same. */
  readonly because: readonly string[];
}

/**
 * - `create`, `update`: as in Pulumi.
 * - `replace`: deleted and created again, in the order that `isDeletedFirst` determines.
 * - `delete`: removed from AWS.
 * - `release`: no longer managed, but kept in AWS (`retainOnDelete`).
 * - `settings`: only Pulumi's options or dependencies differ; nothing changes in AWS.
 */
export type ResourceAction = "create" | "update" | "replace" | "delete" | "release" | "settings";

export interface ResourceChange {
  readonly action: ResourceAction;
  /** The new state; for removed resources, the former state. */
  readonly resource: BlueprintResource;
  readonly inputs: readonly InputChange[];
  /** Before and now, if the region or the handler changes. */
  readonly region?: readonly [string, string];
  readonly handler?: readonly [string | undefined, string | undefined];
  readonly deletedFirst?: true;
}

/** The changes that a deployment of `now` makes to a deployed `before`, sorted by type, then name. */
export function compareResources(before: Blueprint, now: Blueprint, replacement: Replacement): ResourceChange[] {
  const old = byKey(before.resources);
  const current = byKey(now.resources);
  const gone = before.resources.filter((resource) => !current.has(keyOf(resource)));
  const added = now.resources.filter((resource) => !old.has(keyOf(resource)));
  const kept = now.resources.flatMap((resource): Pair[] => {
    const was = old.get(keyOf(resource));
    return was ? [{ was, resource }] : [];
  });
  return [
    ...added.map((resource): ResourceChange => ({ action: "create", resource, inputs: [] })),
    ...changesOf(kept, replacement),
    ...gone.map(
      (resource): ResourceChange => ({
        action: resource.options?.retainOnDelete ? "release" : "delete",
        resource,
        inputs: [],
      }),
    ),
  ].toSorted((a, b) => (keyOf(a.resource) < keyOf(b.resource) ? -1 : 1));
}

interface Pair {
  readonly was: BlueprintResource;
  readonly resource: BlueprintResource;
}

const keyOf = ({ type, name }: BlueprintResource): string => `${type} ${name}`;

const byKey = (resources: readonly BlueprintResource[]): ReadonlyMap<string, BlueprintResource> =>
  new Map(resources.map((resource) => [keyOf(resource), resource]));

/** Changes propagate: a replaced resource has another id, which changes all values that use it. Repeats until stable. */
function changesOf(pairs: readonly Pair[], replacement: Replacement): ResourceChange[] {
  let moved: readonly ResourceChange[] = [];
  for (;;) {
    const changes = pairs.flatMap((pair) => changeOf(pair, moved, replacement) ?? []);
    const next = changes.filter(isMoved);
    if (next.length === moved.length) return changes;
    moved = next;
  }
}

/** A changed lookup may find another resource. */
const isMoved = ({ action, resource }: ResourceChange): boolean =>
  action === "replace" || (action === "update" && isLookup(resource.type));

/** Whether the type is a lookup of an existing resource: `aws:ec2/getVpc:getVpc`. */
export const isLookup = (type: string): boolean => /:get[A-Z]\w*$/.test(type);

function changeOf(
  { was, resource }: Pair,
  moved: readonly ResourceChange[],
  { replaces, isDeletedFirst }: Replacement,
): ResourceChange | undefined {
  const ignored = resource.options?.ignoreChanges ?? [];
  const names = [...new Set([...Object.keys(was.inputs), ...Object.keys(resource.inputs)])].toSorted();
  const inputs = names.flatMap((input): InputChange[] => {
    if (ignored.includes(input)) return [];
    const [before, now] = [was.inputs[input], resource.inputs[input]];
    const isForced = replaces(resource.type, input);
    const because = causesOf(resource, input, moved, isForced);
    if (isSame(before, now) && because.length === 0) return [];
    const values = { ...(before !== undefined && { before }), ...(now !== undefined && { now }) };
    return [{ input, ...values, replaces: isForced, because }];
  });
  const places = {
    ...(was.region !== resource.region && { region: [was.region, resource.region] as const }),
    ...(was.handler !== resource.handler && { handler: [was.handler, resource.handler] as const }),
  };
  if (was.region !== resource.region || inputs.some((one) => one.replaces)) {
    const isFirst = isDeletedFirst(resource, resource.inputs);
    return { action: "replace", resource, inputs, ...places, ...(isFirst && { deletedFirst: true }) };
  }
  if (inputs.length > 0 || places.handler) return { action: "update", resource, inputs, ...places };
  const isSettled = isSame(was.options, resource.options) && isSame(was.dependencies, resource.dependencies);
  return isSettled ? undefined : { action: "settings", resource, inputs: [] };
}

const REFERENCE = /\$\{([A-Za-z][\w-]*)\.[A-Za-z]\w*\}/g;

/**
 * The resources with a new identity that affect an input's value: by a reference; or, where the predecessor
 * is deleted first, by any dependency if changing the input replaces (Pulumi's dependent replacements).
 */
function causesOf(
  { inputs, dependencies }: BlueprintResource,
  input: string,
  moved: readonly ResourceChange[],
  isForced: boolean,
): string[] {
  if (moved.length === 0) return [];
  const referred = new Set([...JSON.stringify(inputs[input] ?? null).matchAll(REFERENCE)].map(([, name]) => name));
  const needed = isForced ? (dependencies?.[input] ?? []) : [];
  return moved.flatMap(({ resource: { name }, deletedFirst }) =>
    referred.has(name) || (deletedFirst && needed.includes(name)) ? [name] : [],
  );
}
