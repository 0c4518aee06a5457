/** One way to match a value. A field matches if any of its matchers does. */
export type Matcher =
  | { readonly kind: "equals"; readonly value: string | number | boolean | null }
  | { readonly kind: "equals-ignore-case"; readonly value: string }
  | { readonly kind: "prefix" | "suffix"; readonly value: string; readonly ignoreCase: boolean }
  /** The strings between the wildcards, in order. */
  | { readonly kind: "wildcard"; readonly segments: readonly string[] }
  | { readonly kind: "anything-but"; readonly values: readonly (string | number)[] }
  | { readonly kind: "anything-but-match"; readonly matchers: readonly Matcher[] }
  | { readonly kind: "numeric"; readonly comparisons: readonly Comparison[] }
  | { readonly kind: "exists"; readonly exists: boolean }
  | { readonly kind: "cidr"; readonly contains: (address: string) => boolean };

export interface Comparison {
  readonly operator: "=" | "<" | "<=" | ">" | ">=";
  readonly operand: number;
}

/** Fields that must all match, and for each `$or` a list of which at least one must. */
export interface Pattern {
  readonly fields: ReadonlyMap<string, Pattern | readonly Matcher[]>;
  readonly anyOf: readonly (readonly Pattern[])[];
}

/**
 * Whether an event matches. A list in the event matches if one of its elements does, and fields of one object in a list
 * must match together (array consistency).
 */
export function matches(pattern: Pattern, event: unknown): boolean {
  return matchesObject(pattern, withoutDots(event));
}

function matchesObject(pattern: Pattern, value: unknown): boolean {
  if (Array.isArray(value)) {
    const objects = value.flat(Infinity).filter(isObject);
    return objects.length > 0 ? objects.some((one) => matchesOne(pattern, one)) : matchesOne(pattern, {});
  }
  return matchesOne(pattern, isObject(value) ? value : {});
}

function matchesOne(pattern: Pattern, object: Record<string, unknown>): boolean {
  for (const [name, expected] of pattern.fields) {
    const value = Object.hasOwn(object, name) ? object[name] : undefined;
    const matched = "fields" in expected ? matchesObject(expected, value) : matchesLeaf(expected, value);
    if (!matched) return false;
  }
  return pattern.anyOf.every((alternatives) => alternatives.some((one) => matchesOne(one, object)));
}

function matchesLeaf(matchers: readonly Matcher[], value: unknown): boolean {
  // EventBridge only sees leaves: an object or an empty list counts as absent.
  const scalars = (Array.isArray(value) ? value.flat(Infinity) : [value]).filter(
    (one) => one !== undefined && !isObject(one),
  );
  return matchers.some((matcher) => {
    if (matcher.kind === "exists") return matcher.exists === scalars.length > 0;
    return scalars.some((scalar) => matchesScalar(matcher, scalar));
  });
}

function matchesScalar(matcher: Matcher, value: unknown): boolean {
  switch (matcher.kind) {
    case "equals":
      return value === matcher.value;
    case "exists":
      return matcher.exists;
    case "anything-but":
      return !matcher.values.includes(value as string);
    case "anything-but-match":
      return !matcher.matchers.some((one) => matchesScalar(one, value));
    case "numeric":
      return typeof value === "number" && matcher.comparisons.every((comparison) => holds(comparison, value));
    case "cidr":
      return typeof value === "string" && matcher.contains(value);
    case "wildcard":
      return typeof value === "string" && fits(matcher.segments, value);
    case "equals-ignore-case":
      return typeof value === "string" && value.toLowerCase() === matcher.value;
    case "prefix":
    case "suffix": {
      if (typeof value !== "string") return false;
      const compared = matcher.ignoreCase ? value.toLowerCase() : value;
      return matcher.kind === "prefix" ? compared.startsWith(matcher.value) : compared.endsWith(matcher.value);
    }
  }
}

function holds({ operator, operand }: Comparison, value: number): boolean {
  switch (operator) {
    case "=":
      return value === operand;
    case "<":
      return value < operand;
    case "<=":
      return value <= operand;
    case ">":
      return value > operand;
    case ">=":
      return value >= operand;
  }
}

/** Finds each string at its earliest position: linear for any pattern. */
function fits(segments: readonly string[], value: string): boolean {
  const [first = "", ...rest] = segments;
  const last = rest.pop();
  if (last === undefined) return value === first;
  if (!value.startsWith(first)) return false;
  let from = first.length;
  for (const segment of rest) {
    const at = value.indexOf(segment, from);
    if (at < 0) return false;
    from = at + segment.length;
  }
  return value.length - last.length >= from && value.endsWith(last);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Rewrites `{"a.b": 1}` as `{a: {b: 1}}`, since names are joined with dots; answers an event without dots unchanged.
 */
function withoutDots(value: unknown): unknown {
  if (Array.isArray(value)) return value.some(hasDots) ? value.map(withoutDots) : value;
  if (!isObject(value) || !hasDots(value)) return value;
  const result = bare();
  for (const [key, inner] of Object.entries(value)) put(result, key.split("."), withoutDots(inner));
  return result;
}

const hasDots = (value: unknown): boolean =>
  Array.isArray(value)
    ? value.some(hasDots)
    : isObject(value) && Object.entries(value).some(([key, inner]) => key.includes(".") || hasDots(inner));

/** An object in which `__proto__` is an ordinary name. */
const bare = (): Record<string, unknown> => Object.create(null) as Record<string, unknown>;

function put(into: Record<string, unknown>, path: readonly string[], value: unknown): void {
  let inner = into;
  for (const name of path.slice(0, -1)) {
    const known = inner[name];
    const next = Object.assign(bare(), isObject(known) ? known : {});
    inner[name] = next;
    inner = next;
  }
  const last = path.at(-1) ?? "";
  const known = inner[last];
  inner[last] = isObject(known) && isObject(value) ? merged(known, value) : value;
}

function merged(known: Record<string, unknown>, value: Record<string, unknown>): Record<string, unknown> {
  const both = Object.assign(bare(), known);
  for (const [key, one] of Object.entries(value)) put(both, [key], one);
  return both;
}

/** Whether an event with these fields, and others not yet known, can match. */
export function mayMatch(pattern: Pattern, known: object): boolean {
  for (const [name, expected] of pattern.fields) {
    const value = (known as Readonly<Record<string, unknown>>)[name];
    if (value === undefined) continue;
    if ("fields" in expected) {
      if (typeof value === "object" && value !== null && !mayMatch(expected, value)) return false;
    } else if (typeof value !== "object" && !matchesLeaf(expected, value)) return false;
  }
  return pattern.anyOf.every((alternatives) => alternatives.some((one) => mayMatch(one, known)));
}
