import type { Blueprint, BlueprintResource } from "../blueprint.ts";
import { isSame } from "./same-value.ts";

/** What AWS's provider cannot change in place. */
export interface Replacement {
  /** Whether a change of a type's input replaces the resource. */
  readonly replaces: (type: string, input: string) => boolean;
  /** Whether a replaced resource is deleted before its successor is created. */
  readonly isDeletedFirst: (resource: BlueprintResource, inputs: BlueprintResource["inputs"]) => boolean;
}

export interface InputChange {
  readonly input: string;
  /** Left out: the input was not given. */
  readonly before?: unknown;
  /** Absent if the input was removed. */
  readonly now?: unknown;
  /** AWS cannot make this change in place. */
  readonly replaces: boolean;
  /** Logical names of resources that get another identity, because of which the value changes although its text does not. */
  readonly because: readonly string[];
}

/**
 * - `create`, `update`: as Pulumi says it.
 * - `replace`: deleted and created again, in the order that `isDeletedFirst` says.
 * - `delete`: removed from AWS.
 * - `release`: no longer managed, but kept in AWS (`retainOnDelete`).
 * - `settings`: only Pulumi's options or dependencies differ; nothing changes in AWS.
 */
export type ResourceAction = "create" | "update" | "replace" | "delete" | "release" | "settings";

export interface ResourceChange {
  readonly action: ResourceAction;
  /** As it will be; where it goes, as it was. */
  readonly resource: BlueprintResource;
  readonly inputs: readonly InputChange[];
  /** Before and now, where the resource moves to another region or gets another handler. */
  readonly region?: readonly [string, string];
  readonly handler?: readonly [string | undefined, string | undefined];
  readonly deletedFirst?: true;
}

/** What a deployment of `now` does where `before` is deployed: by type, then by name. */
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

/** Changes spread: what is replaced has another id, and whatever is made of that id changes, too. Judged until none is new. */
function changesOf(pairs: readonly Pair[], replacement: Replacement): ResourceChange[] {
  let moved: readonly ResourceChange[] = [];
  for (;;) {
    const changes = pairs.flatMap((pair) => changeOf(pair, moved, replacement) ?? []);
    const next = changes.filter(isMoved);
    if (next.length === moved.length) return changes;
    moved = next;
  }
}

/** A lookup that changes may find something else. */
const isMoved = ({ action, resource }: ResourceChange): boolean =>
  action === "replace" || (action === "update" && isLookup(resource.type));

/** Nothing of the program, but something that it finds in the account: `aws:ec2/getVpc:getVpc`. */
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
 * The resources that get another identity and of which an input's value is made: by a reference; or, where its predecessor
 * is deleted first, by any dependency, if a change of the input replaces (Pulumi's dependent replacements).
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
