import { readFile } from "node:fs/promises";
import { wholeMatch } from "./whole-match.ts";

/** The same array for all values of an input; violations have copies. */
type Path = (string | number)[];

type Find = (value: unknown, path: Path, found: Violation[]) => void;

/** All violated constraints in an operation's input. */
export type FindViolations = (operation: string, input: object) => Violation[];

/**
 * Compiles each shape to a closure on first use.
 * @param client the SDK client's module, which contains the values of enums
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
        found.push({
          ...rule,
          path: [...path],
          shown: shape.sensitive ? undefined : shownValue(value, name, constraints),
        });
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

/** Checks the value of a member, item or entry. */
function findBelow(find: Find, value: unknown, name: string | number, path: Path, found: Violation[]): void {
  path.push(name);
  find(value, path, found);
  path.pop();
}

/** Checks a list's items, a map's entries, or a structure's members. */
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
        if (one !== undefined && one !== null) findBelow(finder(target), one, name, path, found);
      }
    };
  }
  const { item, key, value: entry } = shape;
  if (item !== undefined) {
    const scalar = summarize(item);
    return (list, path, found) => {
      if (scalar) return scalar("Member must satisfy constraint", list as unknown[], list, path, found);
      const items = list as unknown[];
      for (let at = 0; at < items.length; at++) {
        if (items[at] != null) findBelow(finder(item), items[at], at, path, found);
      }
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
    for (const [name, one] of entries) if (one != null) findBelow(finder(entry), one, name, path, found);
  };
}

type Summary = (words: string, all: readonly unknown[], whole: unknown, path: Path, found: Violation[]) => void;

/** For plain values in a list or map, AWS names the whole and all constraints of its items. */
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
    found.push({ ...rule, path: [...path], rule: `${words}: [${own.map((one) => one.rule).join(", ")}]`, shown });
  };
}
/** One violation in a request's input. */
export interface Violation {
  /** Member names from the input down; list items by position from 0, map values by key. */
  readonly path: readonly (string | number)[];
  readonly trait: "required" | "length" | "range" | "pattern" | "enum";
  /** For length and range: the exceeded bound. */
  readonly end?: "min" | "max";
  /** The bound, pattern or values, as text. */
  readonly bound: string;
  /** For length and range: both bounds as text: `between 5 and 1000`. */
  readonly span?: string;
  /** The rule in AWS's words: `Member must have length less than or equal to 128`. */
  readonly rule: string;
  /** The value as AWS prints it; undefined if it is sensitive. */
  readonly shown: string | undefined;
}

/** Maximum characters of a value in an error. */
const LONGEST = 2_000;

/** A value as Java prints it, which AWS's errors repeat: `[a, b]`, `{k=v}`, `Tag(key=k, value=v)`. */
function shownValue(value: unknown, name: string, { shapes }: ServiceConstraints): string {
  const text = print(value, name, shapes);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
}

function print(value: unknown, name: string | undefined, shapes: Readonly<Record<string, ConstrainedShape>>): string {
  const shape = name === undefined ? undefined : shapes[name];
  if (shape?.sensitive) return "***Sensitive Data Redacted***";
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return `java.nio.HeapByteBuffer[pos=0 lim=${value.length} cap=${value.length}]`;
  if (Array.isArray(value)) return `[${value.map((one) => print(one, shape?.item, shapes)).join(", ")}]`;
  if (typeof value !== "object" || value === null) return String(value);
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  if (shape?.kind === "structure") {
    const members = entries.map(([key, one]) => `${lowered(key)}=${print(one, shape.members?.[key], shapes)}`);
    return `${name}(${members.join(", ")})`;
  }
  return `{${entries.map(([key, one]) => `${key}=${print(one, shape?.value, shapes)}`).join(", ")}}`;
}

const lowered = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

/** One constraint of a shape, ready to be checked. */
interface Check extends Pick<Violation, "trait" | "end" | "bound" | "span" | "rule"> {
  holds(value: unknown): boolean;
}

/** Longer values are not matched: no AWS pattern needs them, and some take quadratic time. */
const LONGEST_MATCHED = 20_000;

/** A shape's own constraints, in the order in which AWS names them. */
function checksOf(shape: ConstrainedShape, values: readonly string[] | undefined): Check[] {
  return [...enumeration(values), ...pattern(shape.pattern), ...bounds(shape)];
}

function enumeration(values: readonly string[] | undefined): Check[] {
  if (!values) return [];
  const known: ReadonlySet<unknown> = new Set(values);
  const bound = values.join(", ");
  return [
    { trait: "enum", bound, rule: `Member must satisfy enum value set: [${bound}]`, holds: (one) => known.has(one) },
  ];
}

function pattern(source: string | undefined): Check[] {
  const regex = source === undefined ? undefined : wholeMatch(source);
  if (source === undefined || !regex) return [];
  const rule = `Member must satisfy regular expression pattern: ${source}`;
  const holds = (value: unknown) => String(value).length > LONGEST_MATCHED || regex.test(String(value));
  return [{ trait: "pattern", bound: source, rule, holds }];
}

function bounds({ kind, min, max }: ConstrainedShape): Check[] {
  const [trait, noun] = kind === "number" ? (["range", "value"] as const) : (["length", "length"] as const);
  const size = sizeOf[kind];
  const span =
    min === undefined ? `of at most ${max}` : max === undefined ? `of at least ${min}` : `between ${min} and ${max}`;
  const checks: Check[] = [];
  if (max !== undefined) {
    const rule = `Member must have ${noun} less than or equal to ${max}`;
    checks.push({ trait, end: "max", bound: String(max), span, rule, holds: (value) => size(value) <= max });
  }
  if (min !== undefined) {
    const rule = `Member must have ${noun} greater than or equal to ${min}`;
    checks.push({ trait, end: "min", bound: String(min), span, rule, holds: (value) => size(value) >= min });
  }
  return checks;
}

const sizeOf: Readonly<Record<ConstrainedShape["kind"], (value: unknown) => number>> = {
  string: (value) => String(value).length,
  number: Number,
  blob: (value) => (value as { length: number }).length,
  list: (value) => (value as unknown[]).length,
  map: (value) => Object.keys(value as object).length,
  structure: (value) => Object.keys(value as object).length,
  boolean: () => 1,
  timestamp: () => 1,
};

/** An API model's constraints on a shape's values. */
export interface ConstrainedShape {
  readonly kind: "string" | "number" | "blob" | "list" | "map" | "structure" | "boolean" | "timestamp";
  /** For a number its minimum; otherwise the minimum length: characters, bytes, entries. */
  readonly min?: number;
  readonly max?: number;
  /** As in the API model: Java's dialect. */
  readonly pattern?: string;
  /** The values, or the name of the SDK client's constant that contains them. */
  readonly enum?: string | readonly string[];
  /** Not repeated in an error. */
  readonly sensitive?: boolean;
  readonly members?: Readonly<Record<string, string>>;
  readonly item?: string;
  readonly key?: string;
  readonly value?: string;
}

/** A service's constraints, as written by `generate.mjs`: shapes refer to each other by name. */
export interface ServiceConstraints {
  readonly source: string;
  /** The input shape of each operation with constraints. */
  readonly operations: Readonly<Record<string, string>>;
  readonly shapes: Readonly<Record<string, ConstrainedShape>>;
}

const NONE: ServiceConstraints = { source: "none", operations: {}, shapes: {} };

/** @param name signing name; a service without a file has no constraints */
export async function serviceConstraints(name: string): Promise<ServiceConstraints> {
  try {
    return JSON.parse(await readFile(new URL(`./${name}.json`, import.meta.url), "utf8"));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return NONE;
    throw new Error(
      `The constraints of ${name} cannot be read: run packages/embedded-aws/src/wire/constraints/generate.mjs`,
      { cause },
    );
  }
}
