import type { ConstrainedShape } from "./service-constraints.ts";
import type { Violation } from "./violation.ts";
import { wholeMatch } from "./whole-match.ts";

/** One constraint of a shape, ready to be asked. */
export interface Check extends Pick<Violation, "trait" | "end" | "bound" | "span" | "rule"> {
  holds(value: unknown): boolean;
}

/** Longer values are not matched: no pattern of AWS's means them, and some take quadratic time. */
const LONGEST_MATCHED = 20_000;

/** A shape's own constraints, in the order in which AWS names them. */
export function checksOf(shape: ConstrainedShape, values: readonly string[] | undefined): Check[] {
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
