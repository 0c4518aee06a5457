import type { Violation } from "./constraints/find-violations.ts";
import type { OperationModel } from "./service-model.ts";
import { kindOf, membersOf, oncePer, perStructure, requiredMembers, type Shape } from "./shape.ts";

/** The same array for all values of an input; what is found are copies. */
type Path = (string | number)[];

type Find = (value: unknown, path: Path, found: Path[]) => void;

const finderOf = oncePer(({ input }: OperationModel) => ({ find: finder(input) }));

/** Members that the model requires and the input does not have. */
export function missingMembers(input: object, operation: OperationModel): Violation[] {
  const found: Path[] = [];
  finderOf(operation).find?.(input, [], found);
  return found.map((path) => ({ path, trait: "required", bound: "", rule: "Member must not be null", shown: "null" }));
}

/** Undefined if no member below is required. */
function finder(shape: Shape): Find | undefined {
  const kind = kindOf(shape);
  if (kind === "structure") return structureFinder(shape);
  if (kind !== "list" && kind !== "map") return undefined;
  const item = finder(shape.getValueSchema());
  if (!item) return undefined;
  if (kind === "list") {
    return (list, path, found) => {
      const items = list as unknown[];
      for (let at = 0; at < items.length; at++) findBelow(item, items[at], at, path, found);
    };
  }
  return (map, path, found) => {
    const entries = map as Record<string, unknown>;
    for (const key of Object.keys(entries)) if (isGiven(entries[key])) findBelow(item, entries[key], key, path, found);
  };
}

const structureFinder = perStructure((shape): Find => {
  const required = requiredMembers(shape);
  let members: (readonly [string, Find])[] | undefined;
  return (value, path, found) => {
    members ??= membersOf(shape).flatMap(([name, member]) => {
      const inner = finder(member);
      return inner ? [[name, inner] as const] : [];
    });
    const source = value as Record<string, unknown>;
    for (const name of required) if (!isGiven(source[name])) found.push([...path, name]);
    for (const [name, inner] of members) if (isGiven(source[name])) findBelow(inner, source[name], name, path, found);
  };
});

function findBelow(find: Find, value: unknown, name: string | number, path: Path, found: Path[]): void {
  path.push(name);
  find(value, path, found);
  path.pop();
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null;
