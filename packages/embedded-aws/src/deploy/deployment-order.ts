import type { BlueprintResource } from "./blueprint.ts";
import { referredNames } from "./references.ts";

/**
 * Resources so that each comes after those it refers to; otherwise by `typeOrder`, then by name.
 * @throws Error naming a cycle of references, or two resources of one name that something refers to
 */
export function inDeploymentOrder(
  resources: readonly BlueprintResource[],
  typeOrder: readonly string[],
): BlueprintResource[] {
  const rank = new Map(typeOrder.map((type, index) => [type, index]));
  const rankOf = ({ type }: BlueprintResource): number => rank.get(type) ?? typeOrder.length;
  const sorted = resources.toSorted((a, b) => rankOf(a) - rankOf(b) || compare(a.name, b.name));
  const byName = Map.groupBy(sorted, ({ name }) => name);
  const done = new Set<BlueprintResource>();

  const visit = (resource: BlueprintResource, path: readonly BlueprintResource[]): void => {
    if (done.has(resource)) return;
    if (path.includes(resource)) {
      const cycle = [...path.slice(path.indexOf(resource)), resource].map(({ name }) => name);
      throw new Error(`The blueprint's references go in a circle: ${cycle.join(" -> ")}`);
    }
    for (const name of referredNames(resource.inputs)) {
      const [target, twin] = byName.get(name) ?? [];
      if (twin) throw new Error(`${resource.name} refers to ${name}, which is both ${target?.type} and ${twin.type}`);
      if (target) visit(target, [...path, resource]);
    }
    done.add(resource);
  };
  for (const resource of sorted) visit(resource, []);
  return [...done];
}

/** Not by locale, which differs between machines. */
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
