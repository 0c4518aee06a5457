import type { BlueprintResource } from "./blueprint.ts";

/** Values that AWS generated when it created a resource, by attribute: `keyId`, `url`, `id`. */
export type Attributes = Readonly<Record<string, string>>;

/**
 * `${<logical name>.<attribute>}` or `${secret.<name>}`. Policy variables (`${aws:...}`) and shell variables do not
 * match.
 */
const REFERENCE = /\$\{([A-Za-z][\w-]*)\.([A-Za-z]\w*)\}/g;

const SECRET = "secret";

/** Logical names that a resource's inputs refer to, except secrets. */
function referredNames(inputs: unknown): Set<string> {
  const names = new Set<string>();
  eachText(inputs, (text) => {
    for (const [, name = ""] of text.matchAll(REFERENCE)) if (name !== SECRET) names.add(name);
  });
  return names;
}

/** Values for references: attributes of created resources, and the caller's secrets. */
interface Values {
  readonly created: ReadonlyMap<string, Attributes>;
  readonly secrets: Readonly<Record<string, string>>;
}

/** The inputs with every reference replaced by its value. Throws naming a reference without a value. */
export function substituteReferences(resource: BlueprintResource, values: Values): Record<string, unknown> {
  const replace = (text: string): string =>
    text.replace(REFERENCE, (reference, name: string, attribute: string) => {
      const value = resolve(name, attribute, values);
      if (value === undefined) throw new Error(unresolved(resource, reference, name, attribute, values));
      return value;
    });
  return mapTexts(resource.inputs, replace) as Record<string, unknown>;
}

function resolve(name: string, attribute: string, { created, secrets }: Values): string | undefined {
  const values = name === SECRET ? secrets : created.get(name);
  return values && Object.hasOwn(values, attribute) ? values[attribute] : undefined;
}

function unresolved(
  { type, name }: BlueprintResource,
  reference: string,
  target: string,
  attribute: string,
  { created, secrets }: Values,
): string {
  const what = `${name} (${type}) refers to ${reference}`;
  if (target === SECRET) {
    const known = Object.keys(secrets).join(", ") || "none";
    return `${what}, but the secret ${attribute} was not given; given are: ${known}`;
  }
  const attributes = created.get(target);
  if (!attributes) return `${what}, but the blueprint has no resource ${target}`;
  return `${what}, but ${target} has no such attribute; it has: ${Object.keys(attributes).join(", ") || "none"}`;
}

function eachText(value: unknown, visit: (text: string) => void): void {
  if (typeof value === "string") visit(value);
  else if (typeof value === "object" && value !== null) for (const one of Object.values(value)) eachText(one, visit);
}

function mapTexts(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === "string") return map(value);
  if (Array.isArray(value)) return value.map((one) => mapTexts(one, map));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [map(key), mapTexts(one, map)]));
}

/** @throws Error naming a reference to a name that two resources have */
export function refuseAmbiguousReferences(resources: readonly BlueprintResource[]): void {
  const byName = Map.groupBy(resources, ({ name }) => name);
  for (const resource of resources) {
    for (const name of referredNames(resource.inputs)) {
      const [target, twin] = byName.get(name) ?? [];
      if (twin) throw new Error(`${resource.name} refers to ${name}, which is both ${target?.type} and ${twin.type}`);
    }
  }
}

/**
 * Resources ordered so that each follows those it depends on or refers to. Beyond that the order is free if the
 * resources state their dependencies; otherwise `typeOrder` decides, then the name.
 * @throws Error naming a cycle
 */
export function inDeploymentOrder(
  resources: readonly BlueprintResource[],
  typeOrder: readonly string[],
): BlueprintResource[] {
  const sorted = resources.some(({ dependencies }) => dependencies) ? resources : byType(resources, typeOrder);
  const byName = Map.groupBy(sorted, ({ name }) => name);
  const done = new Set<BlueprintResource>();

  const visit = (resource: BlueprintResource, path: readonly BlueprintResource[]): void => {
    if (done.has(resource)) return;
    if (path.includes(resource)) {
      const cycle = [...path.slice(path.indexOf(resource)), resource].map(({ name }) => name);
      throw new Error(`The blueprint's references form a cycle: ${cycle.join(" -> ")}`);
    }
    for (const name of neededNames(resource)) {
      for (const target of byName.get(name) ?? []) visit(target, [...path, resource]);
    }
    done.add(resource);
  };
  for (const resource of sorted) visit(resource, []);
  return [...done];
}

const neededNames = ({ inputs, dependencies = {} }: BlueprintResource): Set<string> =>
  new Set([...referredNames(inputs), ...Object.values(dependencies).flat()]);

function byType(resources: readonly BlueprintResource[], typeOrder: readonly string[]): BlueprintResource[] {
  const rank = new Map(typeOrder.map((type, index) => [type, index]));
  const rankOf = ({ type }: BlueprintResource): number => rank.get(type) ?? typeOrder.length;
  return resources.toSorted((a, b) => rankOf(a) - rankOf(b) || compare(a.name, b.name));
}

/** Not by locale, which differs between machines. */
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
