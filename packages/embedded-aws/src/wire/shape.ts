import type { NormalizedSchema } from "@smithy/core/schema";

/** One shape of a service's model, from the SDK's client. */
export type Shape = NormalizedSchema;

export type ShapeKind =
  | "structure"
  | "list"
  | "map"
  | "string"
  | "number"
  | "boolean"
  | "timestamp"
  | "blob"
  | "document"
  | "unit";

export function kindOf(shape: Shape): ShapeKind {
  if (shape.isUnitSchema()) return "unit";
  if (shape.isStructSchema()) return "structure";
  if (shape.isListSchema()) return "list";
  if (shape.isMapSchema()) return "map";
  if (shape.isTimestampSchema()) return "timestamp";
  if (shape.isBlobSchema()) return "blob";
  if (shape.isBooleanSchema()) return "boolean";
  if (shape.isNumericSchema() || shape.isBigIntegerSchema() || shape.isBigDecimalSchema()) return "number";
  return shape.isDocumentSchema() ? "document" : "string";
}

/** Members by name; none for an operation without input or output. */
export const membersOf = (shape: Shape): [name: string, member: Shape][] => [...shape.structIterator()];

/** The SDK's schemas list required members first, and contain their number. */
export function requiredMembers(shape: Shape): readonly string[] {
  const schema: unknown = shape.getSchema();
  if (!Array.isArray(schema) || !Array.isArray(schema[4])) return [];
  return schema[4].slice(0, Number(schema[6] ?? 0));
}
/** Creates a value for each key on first use, and keeps it as long as the key. */
export function oncePer<K extends object, V>(make: (key: K) => V): (key: K) => V {
  const made = new WeakMap<K, V>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known;
    const fresh = make(key);
    made.set(key, fresh);
    return fresh;
  };
}

/**
 * Compiles each structure once. A structure may contain itself, so compiled code must access its members only when it
 * first runs.
 */
export function perStructure<T>(compile: (shape: Shape) => T): (shape: Shape) => T {
  const known = oncePer((_schema: object): { compiled?: T } => ({}));
  return (shape) => {
    const entry = known(shape.getSchema() as object);
    entry.compiled ??= compile(shape);
    return entry.compiled;
  };
}
