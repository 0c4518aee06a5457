import { badInput } from "./message.ts";
import { blobFrom, textWriter, timestampFormat, timestampFrom, timestampText } from "./scalars.ts";
import { kindOf, membersOf, perStructure, type Shape } from "./shape.ts";

/** An empty body is an empty document. */
export function parseJson(body: Uint8Array): unknown {
  if (body.length === 0) return {};
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    throw badInput("The request body is not a JSON document");
  }
}

type Read = (value: unknown, depth: number) => unknown;

/** Deeper input is refused: it could only exhaust the stack. */
const DEEPEST = 64;

/**
 * Reads a value of `shape` from parsed JSON. Unknown members are dropped, null counts as missing, wrong types are
 * refused.
 */
export function jsonReader(shape: Shape): (value: unknown) => unknown {
  const read = reader(shape);
  return (value) => read(value, 0);
}

/** Reads only some members of a structure: those in a REST request's body. */
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

/** An operation without input still refuses a list or text. */
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

type Write = (value: unknown) => unknown;

/** Converts a value of `shape` so that JSON.stringify writes it as AWS would. Drops unknown members. */
export function jsonWriter(shape: Shape): Write {
  switch (kindOf(shape)) {
    case "structure":
      return structureWriter(shape);
    case "list": {
      const item = jsonWriter(shape.getValueSchema());
      return (value) => (value as unknown[]).map(item);
    }
    case "map": {
      const item = jsonWriter(shape.getValueSchema());
      return (value) =>
        Object.fromEntries(
          Object.entries(value as object)
            .filter(([, one]) => one !== undefined)
            .map(([key, one]) => [key, item(one)]),
        );
    }
    case "timestamp": {
      const format = timestampFormat(shape, "epoch-seconds");
      if (format === "epoch-seconds") return (value) => (value as Date).getTime() / 1000;
      return (value) => timestampText(value as Date, format);
    }
    case "blob":
      return textWriter(shape, "date-time");
    case "number":
      return (value) => (Number.isFinite(Number(value)) ? Number(value) : String(value));
    case "unit":
      return () => ({});
    default:
      return (value) => value;
  }
}

/** Writes only some members of a structure: those in a REST response's body. */
export const jsonMembersWriter = (members: readonly (readonly [string, Shape])[]): Write =>
  membersWriter(() => members);

const structureWriter = perStructure((shape) => membersWriter(() => membersOf(shape)));

function membersWriter(members: () => readonly (readonly [string, Shape])[]): Write {
  let compiled: (readonly [string, Write])[] | undefined;
  return (value) => {
    compiled ??= members().map(([name, member]) => [name, jsonWriter(member)] as const);
    const source = value as Record<string, unknown>;
    const result: Record<string, unknown> = {};
    for (const [name, write] of compiled) {
      const given = source[name];
      if (given !== undefined && given !== null) result[name] = write(given);
    }
    return result;
  };
}
