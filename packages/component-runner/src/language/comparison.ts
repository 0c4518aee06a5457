import { RE2JS } from "re2js";
import { INSPECTIONS, type Question, type StepHost } from "./step-host.ts";

/** Compares the operator's operand with `value`, both as strings. */
type Comparison = (operand: string, value: string) => boolean;

export const NUMBER = /^[-+]?([0-9]+[.])?[0-9]+$/;

/** A string that is not a number makes the comparison false. */
const ofNumbers =
  (compare: (operand: number, value: number) => boolean): Comparison =>
  (operand, value) =>
    NUMBER.test(operand) && NUMBER.test(value) && compare(Number(operand), Number(value));

/** Ordering ignores case, as in the guide's examples; equality does not. */
const ofOrder =
  (compare: (operand: string, value: string) => boolean): Comparison =>
  (operand, value) =>
    compare(operand.toLowerCase(), value.toLowerCase());

/** A pattern that RE2 does not support. */
export class InvalidPatternError extends Error {
  override readonly name = "InvalidPatternError";
  readonly code = "InvalidPattern";

  constructor(pattern: string, cause: unknown) {
    super(`'${pattern}' is not a valid RE2 pattern: ${cause instanceof Error ? cause.message : String(cause)}.`, {
      cause,
    });
  }
}

/** @throws InvalidPatternError */
export function compilePattern(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE);
  } catch (cause) {
    throw new InvalidPatternError(pattern, cause);
  }
}

/** From "Use comparison operators in AWSTOE component documents" of Image Builder's user guide. */
export const COMPARISONS: Readonly<Record<string, Comparison>> = {
  stringEquals: (operand, value) => value === operand,
  stringLessThan: ofOrder((operand, value) => value < operand),
  stringLessThanEquals: ofOrder((operand, value) => value <= operand),
  stringGreaterThan: ofOrder((operand, value) => value > operand),
  stringGreaterThanEquals: ofOrder((operand, value) => value >= operand),
  // `^[a-z]+$` matches `ThisIsValue` in the guide's example.
  patternMatches: (operand, value) => compilePattern(operand).matcher(value).find(),
  numberEquals: ofNumbers((operand, value) => value === operand),
  numberLessThan: ofNumbers((operand, value) => value < operand),
  numberLessThanEquals: ofNumbers((operand, value) => value <= operand),
  numberGreaterThan: ofNumbers((operand, value) => value > operand),
  numberGreaterThanEquals: ofNumbers((operand, value) => value >= operand),
};

/** These test their own operand, without a `value`. */
export const TESTS: Readonly<Record<string, (operand: string) => boolean>> = {
  stringIsEmpty: (operand) => operand === "",
  stringIsWhitespace: (operand) => /^\s+$/.test(operand),
};

export const LOGICAL = ["and", "or", "not"] as const;

/**
 * Evaluates a checked comparison of `if` or `Assert`, with variables replaced. `and` and `or` short-circuit.
 * @param inspect answers tests of the system itself
 * @throws InvalidPatternError; a host that evaluates Assert need not catch it: it fails the step
 */
export async function holds(test: unknown, inspect: StepHost["inspect"]): Promise<boolean> {
  const { value, path, ...operation } = test as Record<string, unknown>;
  const [operator = "", operand] = Object.entries(operation)[0] ?? [];
  if (operator === "and" || operator === "not") {
    const parts = Array.isArray(operand) ? operand : [operand];
    for (const part of parts) if (!(await holds(part, inspect))) return operator === "not";
    return operator === "and";
  }
  if (operator === "or") {
    for (const part of operand as unknown[]) if (await holds(part, inspect)) return true;
    return false;
  }
  if (isInspection(operator)) {
    return inspect(
      path === undefined
        ? { operator, path: String(operand) }
        : { operator, path: String(path), hash: String(operand) },
    );
  }
  const own = TESTS[operator];
  if (own) return own(String(operand ?? ""));
  return COMPARISONS[operator]?.(String(operand), String(value ?? "")) ?? false;
}

const isInspection = (operator: string): operator is Question["operator"] =>
  (INSPECTIONS as readonly string[]).includes(operator);
