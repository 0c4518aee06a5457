import { badInput } from "./bad-input.ts";
import { perStructure } from "./per-structure.ts";
import { blobFrom } from "./scalars.ts";
import { kindOf, membersOf, type Shape } from "./shape.ts";
import { timestampFrom } from "./timestamps.ts";

type Read = (value: unknown, depth: number) => unknown;

/** Deeper input is refused: it could only exhaust the stack. */
const DEEPEST = 64;

/** Reads a value of `shape` out of parsed JSON. Unknown members are dropped, null is absence, wrong types are refused. */
export function jsonReader(shape: Shape): (value: unknown) => unknown {
  const read = reader(shape);
  return (value) => read(value, 0);
}

/** Reads only some members of a structure: those a REST request carries in its body. */
export const jsonMembersReader = (members: readonly (readonly [string, Shape])[]): ((value: unknown) => object) => {
  const read = membersReader(() => members);
  return (value) => read(value, 0) as object;
};

function reader(shape: Shape): Read {
  switch (kindOf(shape)) {
    case "structure":
      return structureReader(shape);
    case "list":
      return listReader(reader(shape.getValueSchema()));
    case "map":
      return mapReader(reader(shape.getValueSchema()));
    case "timestamp":
      return timestamp;
    case "blob":
      return (value) => blobFrom(string(value));
    case "number":
      return number;
    case "boolean":
      return boolean;
    case "string":
      return string;
    case "unit":
      return empty;
    default:
      return (value) => value;
  }
}

const structureReader = perStructure((shape) => membersReader(() => membersOf(shape)));

/** Members compile on first use: a structure may contain itself. */
function membersReader(members: () => readonly (readonly [string, Shape])[]): Read {
  let compiled: (readonly [string, Read])[] | undefined;
  return (value, depth) => {
    if (depth > DEEPEST) throw badInput(`The document is nested deeper than ${DEEPEST} levels`);
    const source = record(value);
    compiled ??= members().map(([name, member]) => [name, reader(member)] as const);
    const result: Record<string, unknown> = {};
    for (const [name, read] of compiled) {
      const given = source[name];
      if (given !== undefined && given !== null) result[name] = read(given, depth + 1);
    }
    return result;
  };
}

const listReader =
  (item: Read): Read =>
  (value, depth) => {
    if (!Array.isArray(value)) throw mismatch(value, "List");
    return value.filter((one) => one !== null).map((one) => item(one, depth));
  };

const mapReader =
  (item: Read): Read =>
  (value, depth) =>
    Object.fromEntries(
      Object.entries(record(value))
        .filter(([, one]) => one !== null)
        .map(([key, one]) => [key, item(one, depth)]),
    );

/** An operation without input still takes no list or text for it. */
const empty: Read = (value) => {
  record(value);
  return {};
};

const string = (value: unknown): string => {
  if (typeof value !== "string") throw mismatch(value, "String");
  return value;
};

const number: Read = (value) => {
  if (typeof value === "number") return value;
  if (value === "NaN" || value === "Infinity" || value === "-Infinity") return Number(value);
  throw mismatch(value, "Number");
};

const boolean: Read = (value) => {
  if (typeof value !== "boolean") throw mismatch(value, "Boolean");
  return value;
};

const timestamp: Read = (value) => {
  if (typeof value !== "number" && typeof value !== "string") throw mismatch(value, "Timestamp");
  return timestampFrom(value);
};

const record = (value: unknown): Record<string, unknown> => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw mismatch(value, "Structure");
  return value as Record<string, unknown>;
};

const mismatch = (value: unknown, wanted: string) => {
  const found = Array.isArray(value) ? "LIST" : typeof value === "object" ? "STRUCTURE" : typeof value;
  return badInput(`${found.toUpperCase()}_VALUE cannot be converted to ${wanted}`);
};
