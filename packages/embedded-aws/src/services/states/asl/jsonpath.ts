import { createRequire } from "node:module";
import type { JSONPathQuery } from "json-p3";
import { isObject, type Json, type JsonObject } from "./json.ts";

// json-p3: RFC 9535 with an interpreter for filters (no eval), MIT, maintained, no dependencies; the dialect is adapted
// below. Loaded with the first path: most machines here have none.
let loaded: ReturnType<typeof load> | undefined;

function load() {
  const { JSONPathEnvironment, jsonpath } = createRequire(import.meta.url)("json-p3") as typeof import("json-p3");
  const environment = new JSONPathEnvironment({ maxRecursionDepth: 1_000 });
  environment.functionRegister.clear();
  return { environment, JSONPathQuery: jsonpath.JSONPathQuery, ...jsonpath.selectors };
}

const library = () => (loaded ??= load());

/** A text that is not a path of the state language; the message says why. */
export class InvalidPath extends Error {
  override readonly name = "InvalidPath";
}

/** A path that AWS supports and the embedded AWS does not; the message names it. */
export class UnbuiltPath extends Error {
  override readonly name = "UnbuiltPath";
}

export interface Path {
  readonly text: string;
  /** `$`, `$$`, or a variable. */
  readonly root: "input" | "context" | { readonly variable: string };
  readonly query: JSONPathQuery;
  /** The steps of a definite path; undefined if a path can find several values. */
  readonly steps: readonly (string | number)[] | undefined;
  /** `$.a['b', 'c']` ends with several names: these parts of the value at `query`, as one object. */
  readonly names: readonly string[] | undefined;
}

const MAX_PARSED = 2_000;

const parsed = new Map<string, Path>();

/** Throws InvalidPath and UnbuiltPath. */
export function parsePath(text: string): Path {
  let path = parsed.get(text);
  if (!path) {
    path = parse(text);
    if (parsed.size >= MAX_PARSED) parsed.clear();
    parsed.set(text, path);
  }
  return path;
}

const ROOT = /^\$(?<context>\$)?(?<variable>[\p{ID_Start}_][\p{ID_Continue}]*)?/u;

function parse(text: string): Path {
  const { 0: start, groups } = ROOT.exec(text) ?? {};
  if (start === undefined) throw new InvalidPath("Reference path didn't start with '$'");
  if (groups?.context && groups.variable) throw new InvalidPath("'$$' must be followed by '.' or '['");
  const { query, names } = compile(text, standard(text, start.length));
  const variable = groups?.variable;
  const root = groups?.context ? "context" : variable === undefined ? "input" : { variable };
  const steps = query.singularQuery() && names === undefined ? stepsOf(query) : undefined;
  return { text, root, query, steps, names };
}

function compile(text: string, standardText: string): Pick<Path, "query" | "names"> {
  const { environment, JSONPathQuery, NameSelector } = library();
  let query: JSONPathQuery;
  try {
    query = environment.compile(standardText);
  } catch (cause) {
    // The library reports non-standard filter operators (`=~`, `in`) as syntax errors.
    if (text.includes("?")) throw new UnbuiltPath(`the JSONPath filter in '${text}'`, { cause });
    throw new InvalidPath((cause as Error).message, { cause });
  }
  const named = query.segments.map(({ selectors }) =>
    selectors.flatMap((one) => (one instanceof NameSelector ? [one.name] : [])),
  );
  if (named.every(({ length }) => length < 2)) return { query, names: undefined };
  const [names = [], before] = [named.at(-1), new JSONPathQuery(environment, query.segments.slice(0, -1))];
  const isLeaf = names.length === query.segments.at(-1)!.selectors.length && before.singularQuery();
  if (isLeaf) return { query: before, names };
  throw new UnbuiltPath(`several names in one bracket, not at the end of a definite path, in '${text}'`);
}

/**
 * The path in RFC 9535's syntax. Step Functions allows any character except `.`, `[` and `(` in a name after a dot; the
 * standard does not allow, for example, hyphens.
 */
function standard(text: string, start: number): string {
  let result = "$";
  for (let at = start; at < text.length; ) {
    const end = text[at] === "[" ? bracketEnd(text, at) : nameEnd(text, at);
    const part = text.slice(at, end);
    result += part.startsWith("[") ? part : named(part, text);
    at = end;
  }
  return result;
}

function nameEnd(text: string, at: number): number {
  const dots = text.startsWith("..", at) ? 2 : 1;
  const found = text.slice(at + dots).search(/[.[]/);
  return found < 0 ? text.length : at + dots + found;
}

/** Throws InvalidPath if the bracket does not end. */
export function bracketEnd(text: string, at: number): number {
  let depth = 0;
  let quote = "";
  for (let end = at; end < text.length; end++) {
    const char = text[end]!;
    if (char === "\\") end++;
    else if (quote !== "") quote = char === quote ? "" : quote;
    else if (char === "'" || char === '"') quote = char;
    else if (char === "[") depth++;
    else if (char === "]" && --depth === 0) return end + 1;
  }
  throw new InvalidPath("'[' without ']'");
}

function named(part: string, text: string): string {
  const [, dots, name = ""] = /^(\.\.?)?(.*)$/s.exec(part) ?? [];
  if (dots === undefined) throw new InvalidPath(`'${part}' follows neither '.' nor '['`);
  const descendant = dots === ".." ? ".." : "";
  if (name === "*") return `${dots}*`;
  if (name.includes("(")) throw new UnbuiltPath(`the JSONPath function '${name}' in '${text}'`);
  if (/\s/.test(name)) {
    throw new InvalidPath("Use bracket notion ['my prop'] if your property contains blank characters");
  }
  if (name === "" && text.endsWith(".")) throw new InvalidPath("Path must not end with a '.' or '..'");
  return name === "" ? descendant : `${descendant}[${JSON.stringify(name)}]`;
}

function stepsOf({ segments }: JSONPathQuery): (string | number)[] {
  const { NameSelector, IndexSelector } = library();
  return segments.map(({ selectors: [one] }) => {
    if (one instanceof NameSelector) return one.name;
    if (one instanceof IndexSelector) return one.index;
    throw new Error("a definite path has only names and indexes");
  });
}

/** `$['a'][0]`: a definite path in AWS's messages. */
export const canonical = (steps: readonly (string | number)[]): string =>
  `$${steps.map((step) => (typeof step === "number" ? `[${step}]` : `['${step}']`)).join("")}`;

/** More values than 256 KiB of JSON can contain. */
const MAX_FOUND = 150_000;

/** A definite path's value (undefined if missing), or all values of another path. Throws above a limit. */
export function select({ text, query, steps, names }: Path, root: Json): Json | undefined {
  if (names) return partsOf(query.query(root as never).values()[0] as Json | undefined, names);
  const values: Json[] = [];
  for (const { value } of query.lazyQuery(root as never)) {
    if (steps !== undefined) return value as Json;
    values.push(value as Json);
    if (values.length > MAX_FOUND) throw new RangeError(`'${text}' finds more than ${MAX_FOUND} values`);
  }
  return steps === undefined ? values : undefined;
}

const partsOf = (value: Json | undefined, names: readonly string[]): Json | undefined =>
  isObject(value) ? Object.fromEntries(Object.entries(value).filter(([name]) => names.includes(name))) : undefined;

/** A copy of `target` with `value` at `steps`; undefined if another value is in the way. */
export function put(target: Json | undefined, steps: readonly (string | number)[], value: Json): Json | undefined {
  const [step, ...rest] = steps;
  if (step === undefined) return value;
  if (typeof step === "number") {
    if (!Array.isArray(target) || step < 0 || step >= target.length) return undefined;
    const part = put(target[step] as Json, rest, value);
    return part === undefined ? undefined : target.with(step, part);
  }
  if (target !== undefined && !isObject(target)) return undefined;
  const part = put(target && Object.hasOwn(target, step) ? target[step] : undefined, rest, value);
  return part === undefined ? undefined : ({ ...target, [step]: part } as JsonObject);
}
