import type { Violation } from "./constraints/find-violations.ts";
import type { OperationModel } from "./service-model.ts";
import { kindOf, membersOf, oncePer, perStructure, requiredMembers, type Shape } from "./shape.ts";

type Path = Violation["path"];

type Find = (value: unknown, path: Path) => Path[];

const finderOf = oncePer(({ input }: OperationModel) => ({ find: finder(input) }));

/** Members that the model requires and the input does not have. */
export const missingMembers = (input: object, operation: OperationModel): Violation[] =>
  (finderOf(operation).find?.(input, []) ?? []).map((path) => ({
    path,
    trait: "required",
    bound: "",
    rule: "Member must not be null",
    shown: "null",
  }));

/** Undefined if no member below is required. */
function finder(shape: Shape): Find | undefined {
  const kind = kindOf(shape);
  if (kind === "structure") return structureFinder(shape);
  if (kind !== "list" && kind !== "map") return undefined;
  const item = finder(shape.getValueSchema());
  if (!item) return undefined;
  if (kind === "list") {
    return (list, path) => (list as unknown[]).flatMap((one, at) => item(one, [...path, at]));
  }
  return (map, path) =>
    Object.entries(map as object).flatMap(([key, one]) => (isGiven(one) ? item(one, [...path, key]) : []));
}

const structureFinder = perStructure((shape): Find => {
  const required = requiredMembers(shape);
  let members: (readonly [string, Find])[] | undefined;
  return (value, path) => {
    members ??= membersOf(shape).flatMap(([name, member]) => {
      const inner = finder(member);
      return inner ? [[name, inner] as const] : [];
    });
    const source = value as Record<string, unknown>;
    return [
      ...required.filter((name) => !isGiven(source[name])).map((name) => [...path, name]),
      ...members.flatMap(([name, inner]) => (isGiven(source[name]) ? inner(source[name], [...path, name]) : [])),
    ];
  };
});

const isGiven = (value: unknown): boolean => value !== undefined && value !== null;
