import { timestampFormat } from "../scalars.ts";
import { kindOf, membersOf, perStructure, type Shape } from "../shape.ts";

/** Thrown for a value that only the wire can carry, or refuse, as AWS would. */
export const MISFIT = new Error("The value does not fit its shape exactly.");

/** What a protocol changes in values. */
export interface Dialect {
  readonly timestamps: "epoch-seconds" | "date-time";
  /** The received milliseconds. */
  readonly time: (ms: number, inSeconds: boolean) => number;
  readonly bytes: (bytes: Uint8Array) => Uint8Array;
  /** Whether a string is received unchanged. */
  readonly carries: (text: string) => boolean;
  /** Forms have no key for an empty value; XML has none for an empty flattened list. */
  readonly drops: (kind: "structure" | "list" | "map", shape: Shape) => boolean;
}

/** @param token generates a missing idempotency token */
export type Copy = (value: unknown, token: () => string, depth: number) => unknown;

/** The wire refuses input that is nested deeper. */
const DEEPEST = 64;

/** Years of four digits. */
const LATEST = Date.UTC(10_000, 0) - 1;

/** Copies values of shapes as a protocol carries them. Undefined: the protocol drops the value. */
export function shapeCopier(dialect: Dialect): { copier(shape: Shape): Copy; members(shapes: Members): Copy } {
  const structure = perStructure((shape) =>
    shape.isUnionSchema() && !dialect.drops("structure", shape)
      ? unionCopier(shape)
      : membersCopier(() => membersOf(shape), dialect.drops("structure", shape)),
  );

  function copier(shape: Shape): Copy {
    const kind = kindOf(shape);
    switch (kind) {
      case "structure":
        return structure(shape);
      case "list":
        return listCopier(copier(shape.getValueSchema()), dialect.drops(kind, shape));
      case "map":
        return mapCopier(copier(shape.getValueSchema()), dialect, dialect.drops(kind, shape));
      case "timestamp":
        return timestampCopier(shape, dialect);
      case "unit":
        return () => ({});
      case "document":
        return misfit;
      default:
        return isPlain(shape) ? SCALARS[kind](dialect) : misfit;
    }
  }

  /** Members compile on first use: a structure may contain itself. */
  function membersCopier(members: () => Members, drops: boolean): Copy {
    let compiled: (readonly [name: string, copy: Copy, token: boolean])[] | undefined;
    return (value, token, depth) => {
      const source = plainObject(value);
      if (depth > DEEPEST) throw MISFIT;
      compiled ??= members().map(([name, member]) => [name, copier(member), member.isIdempotencyToken()] as const);
      const result: Record<string, unknown> = {};
      let empty = true;
      for (const [name, copy, isToken] of compiled) {
        const given = source[name];
        if (isToken && given === null) throw MISFIT;
        const wanted = given === undefined && isToken ? token() : given;
        if (wanted === undefined || wanted === null) continue;
        const copied = copy(wanted, token, depth + 1);
        if (copied === undefined) continue;
        result[name] = copied;
        empty = false;
      }
      return empty && drops && depth > 0 ? undefined : result;
    };
  }

  /** One of many members, such as the type of a DynamoDB attribute: only what is given is looked at. */
  function unionCopier(shape: Shape): Copy {
    let compiled: ReadonlyMap<string, Copy> | undefined;
    return (value, token, depth) => {
      const source = plainObject(value);
      if (depth > DEEPEST) throw MISFIT;
      compiled ??= new Map(membersOf(shape).map(([name, member]) => [name, copier(member)]));
      const result: Record<string, unknown> = {};
      for (const name of Object.keys(source)) {
        const given = source[name];
        if (given === undefined || given === null) continue;
        const copied = compiled.get(name)?.(given, token, depth + 1);
        if (copied !== undefined) result[name] = copied;
      }
      return result;
    };
  }

  return { copier, members: (members) => membersCopier(() => members, false) };
}

type Members = readonly (readonly [name: string, shape: Shape])[];

const misfit: Copy = () => {
  throw MISFIT;
};

/** Big numbers and embedded JSON have their own classes in the SDK. */
const isPlain = (shape: Shape): boolean =>
  !shape.isBigIntegerSchema() && !shape.isBigDecimalSchema() && shape.getMergedTraits().mediaType === undefined;

type Scalar = "string" | "number" | "boolean" | "blob";

const SCALARS: Readonly<Record<Scalar, (dialect: Dialect) => Copy>> = {
  string: (dialect) => (value) => {
    if (typeof value !== "string" || !value.isWellFormed() || !dialect.carries(value)) throw MISFIT;
    return value;
  },
  number: () => (value) => {
    if (typeof value !== "number" || !Number.isFinite(value)) throw MISFIT;
    // No protocol can carry -0.
    return value + 0;
  },
  boolean: () => (value) => {
    if (typeof value !== "boolean") throw MISFIT;
    return value;
  },
  blob: (dialect) => (value) => {
    if (!(value instanceof Uint8Array)) throw MISFIT;
    return dialect.bytes(value);
  },
};

function timestampCopier(shape: Shape, dialect: Dialect): Copy {
  const format = timestampFormat(shape, dialect.timestamps);
  if (format === "http-date") return misfit;
  return (value) => {
    const ms = value instanceof Date ? value.getTime() : Number.NaN;
    if (!(ms >= 0 && ms <= LATEST)) throw MISFIT;
    return new Date(dialect.time(ms, format === "epoch-seconds"));
  };
}

const listCopier =
  (item: Copy, drops: boolean): Copy =>
  (value, token, depth) => {
    if (!Array.isArray(value)) throw MISFIT;
    if (value.length === 0 && drops) return undefined;
    return Array.from(value, (one: unknown) => present(item, one, token, depth));
  };

function mapCopier(item: Copy, { carries }: Dialect, drops: boolean): Copy {
  return (value, token, depth) => {
    const source = plainObject(value);
    const result: Record<string, unknown> = {};
    let empty = true;
    for (const key of Object.keys(source)) {
      const one = source[key];
      if (one === undefined) continue;
      if (key === "__proto__" || !key.isWellFormed() || !carries(key)) throw MISFIT;
      result[key] = present(item, one, token, depth);
      empty = false;
    }
    return empty && drops ? undefined : result;
  };
}

/** Items of a list or map cannot be dropped. */
function present(item: Copy, value: unknown, token: () => string, depth: number): unknown {
  if (value === undefined || value === null) throw MISFIT;
  const copied = item(value, token, depth + 1);
  if (copied === undefined) throw MISFIT;
  return copied;
}

function plainObject(value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null) throw MISFIT;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw MISFIT;
  return value as Record<string, unknown>;
}
