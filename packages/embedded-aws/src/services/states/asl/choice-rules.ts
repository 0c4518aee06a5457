import { parseTimestamp } from "./definition.ts";
import { isObject, type Json, type JsonObject } from "./json.ts";

type Comparison = (value: Json, operand: Json) => boolean;

/** Whether an existing variable's value is of the type in `Is…`. */
const kinds: Readonly<Record<string, (value: Json) => boolean>> = {
  IsNull: (value) => value === null,
  IsString: (value) => typeof value === "string",
  IsNumeric: (value) => typeof value === "number",
  IsBoolean: (value) => typeof value === "boolean",
  IsTimestamp: (value) => typeof value === "string" && parseTimestamp(value) !== undefined,
};

const orders: Readonly<Record<string, (one: number | string, other: number | string) => boolean>> = {
  Equals: (one, other) => one === other,
  LessThan: (one, other) => one < other,
  GreaterThan: (one, other) => one > other,
  LessThanEquals: (one, other) => one <= other,
  GreaterThanEquals: (one, other) => one >= other,
};

/** A value prepared for comparison; undefined for a value of another type, for which every comparison is false. */
const measures: Readonly<Record<string, (value: Json) => number | string | undefined>> = {
  String: (value) => (typeof value === "string" ? value : undefined),
  Numeric: (value) => (typeof value === "number" ? value : undefined),
  Timestamp: (value) => (typeof value === "string" ? parseTimestamp(value) : undefined),
};

const comparisons = new Map<string, Comparison>([
  ["BooleanEquals", (value, operand) => typeof value === "boolean" && value === operand],
  ["StringMatches", (value, operand) => typeof value === "string" && matches(value, String(operand))],
]);
for (const [kind, measure] of Object.entries(measures)) {
  for (const [order, holds] of Object.entries(orders)) {
    comparisons.set(`${kind}${order}`, (value, operand) => {
      const [one, other] = [measure(value), measure(operand)];
      return one !== undefined && other !== undefined && holds(one, other);
    });
  }
}

/** Operators whose operand is in the rule, and those that read it by a path (`…Path`; not `StringMatches`). */
export const operators: readonly string[] = [
  ...comparisons.keys(),
  ...[...comparisons.keys()].filter((name) => name !== "StringMatches").map((name) => `${name}Path`),
  ...Object.keys(kinds),
  "IsPresent",
];

/** Reads a rule's values: if a path finds nothing, `find` answers undefined and `read` throws. */
export interface Reader {
  find(path: string): Json | undefined;
  read(path: string): Json;
}

/** Whether a Choice rule in JSONPath is true. */
export function holds(rule: JsonObject, reader: Reader): boolean {
  const { And, Or, Not, Variable } = rule;
  if (Array.isArray(And)) return (And as JsonObject[]).every((one) => holds(one, reader));
  if (Array.isArray(Or)) return (Or as JsonObject[]).some((one) => holds(one, reader));
  if (isObject(Not)) return !holds(Not, reader);
  const operator = operators.find((name) => name in rule);
  if (operator === undefined) throw new Error("a rule without an operator: validation should have refused it");
  const operand = rule[operator]!;
  if (operator === "IsPresent") return (reader.find(String(Variable)) !== undefined) === operand;
  const value = reader.read(String(Variable));
  const isKind = kinds[operator];
  if (isKind) return isKind(value) === operand;
  const byPath = operator.endsWith("Path");
  const compare = comparisons.get(byPath ? operator.slice(0, -"Path".length) : operator)!;
  return compare(value, byPath ? reader.read(String(operand)) : operand);
}

/** `*` matches any text; `\\*` is literal. One pass with a single backtracking point, so no pattern takes too long. */
function matches(text: string, pattern: string): boolean {
  const parts = [...pattern.matchAll(/\\([\s\S])|([\s\S])/g)].map(([, escaped, plain]) => escaped ?? { plain });
  const isStar = (at: number) => typeof parts[at] === "object" && parts[at].plain === "*";
  const charOf = (at: number) => (typeof parts[at] === "object" ? parts[at].plain : parts[at]);
  let [at, part, starred, resume] = [0, 0, -1, 0];
  while (at < text.length) {
    if (isStar(part)) {
      starred = part++;
      resume = at;
    } else if (part < parts.length && charOf(part) === text[at]) {
      at++;
      part++;
    } else if (starred >= 0) {
      part = starred + 1;
      at = ++resume;
    } else return false;
  }
  while (isStar(part)) part++;
  return part === parts.length;
}
