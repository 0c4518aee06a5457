import { type Check, checksOf } from "./checks.ts";
import type { ConstrainedShape, ServiceConstraints } from "./service-constraints.ts";
import { shownValue } from "./shown-value.ts";
import type { Violation } from "./violation.ts";

type Path = readonly (string | number)[];
type Find = (value: unknown, path: Path, found: Violation[]) => void;

/** Everything in an operation's input that its constraints forbid. */
export type FindViolations = (operation: string, input: object) => Violation[];

/**
 * Compiles each shape to a closure, when an input first meets it.
 * @param client the SDK client's module, which holds the values of enums
 */
export function violationFinder(
  constraints: ServiceConstraints,
  client: Readonly<Record<string, unknown>>,
): FindViolations {
  const compiled = new Map<string, Find>();
  const checks = (name: string): Check[] => {
    const shape = constraints.shapes[name];
    return shape ? checksOf(shape, valuesOf(shape, client)) : [];
  };
  const finder = (name: string): Find => {
    const known = compiled.get(name);
    if (known) return known;
    const shape = constraints.shapes[name];
    if (!shape) throw new Error(`${name} is not among the constrained shapes: run generate.mjs again`);
    const below = inner(shape, finder, (part) => summary(part, constraints, checks));
    const own = checks(name);
    const find: Find = (value, path, found) => {
      for (const { holds, ...rule } of own) {
        if (holds(value)) continue;
        found.push({ ...rule, path, shown: shape.sensitive ? undefined : shownValue(value, name, constraints) });
      }
      below?.(value, path, found);
    };
    compiled.set(name, find);
    return find;
  };
  return (operation, input) => {
    const shape = constraints.operations[operation];
    const found: Violation[] = [];
    if (shape !== undefined) finder(shape)(input, [], found);
    return found;
  };
}

function valuesOf(shape: ConstrainedShape, client: Readonly<Record<string, unknown>>): readonly string[] | undefined {
  if (typeof shape.enum !== "string") return shape.enum;
  const constant = client[shape.enum];
  return typeof constant === "object" && constant !== null ? Object.values(constant) : undefined;
}

/** What to do with a list's items, a map's entries, a structure's members. */
function inner(
  shape: ConstrainedShape,
  finder: (name: string) => Find,
  summarize: (part: string) => Summary | undefined,
): Find | undefined {
  if (shape.members) {
    const members = Object.entries(shape.members);
    return (value, path, found) => {
      for (const [name, target] of members) {
        const one = (value as Record<string, unknown>)[name];
        if (one !== undefined && one !== null) finder(target)(one, [...path, name], found);
      }
    };
  }
  const { item, key, value: entry } = shape;
  if (item !== undefined) {
    const scalar = summarize(item);
    return (list, path, found) => {
      if (scalar) return scalar("Member must satisfy constraint", list as unknown[], list, path, found);
      for (const [at, one] of (list as unknown[]).entries()) if (one != null) finder(item)(one, [...path, at], found);
    };
  }
  if (key === undefined && entry === undefined) return undefined;
  const keys = key === undefined ? undefined : summarize(key);
  const values = entry === undefined ? undefined : summarize(entry);
  return (map, path, found) => {
    const entries = Object.entries(map as object);
    const names = entries.map(([name]) => name);
    keys?.("Map keys must satisfy constraint", names, map, path, found);
    if (entry === undefined) return;
    if (values) {
      const all = entries.map(([, one]) => one);
      return values("Map value must satisfy constraint", all, map, path, found);
    }
    for (const [name, one] of entries) if (one != null) finder(entry)(one, [...path, name], found);
  };
}

type Summary = (words: string, all: readonly unknown[], whole: unknown, path: Path, found: Violation[]) => void;

/** Of plain values in a list or map AWS names the whole, and all that each of them must satisfy. */
function summary(
  name: string,
  constraints: ServiceConstraints,
  checks: (name: string) => Check[],
): Summary | undefined {
  const shape = constraints.shapes[name];
  if (!shape || shape.kind === "structure" || shape.kind === "list" || shape.kind === "map") return undefined;
  const own = checks(name);
  return (words, all, whole, path, found) => {
    const broken = own.find(({ holds }) => all.some((one) => one != null && !holds(one)));
    if (!broken) return;
    const { holds: _, ...rule } = broken;
    const shown = shape.sensitive ? undefined : shownValue(whole, "", constraints);
    found.push({ ...rule, path, rule: `${words}: [${own.map((one) => one.rule).join(", ")}]`, shown });
  };
}
