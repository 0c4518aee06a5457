import { COMPARISONS, compilePattern, InvalidPatternError, LOGICAL, NUMBER, TESTS } from "./comparison.ts";
import { isMapping } from "./document-reader.ts";
import { INSPECTIONS } from "./step-host.ts";
import type { StepReader } from "./step-reader.ts";

const OPERATORS: readonly string[] = [...LOGICAL, ...Object.keys(COMPARISONS), ...Object.keys(TESTS), ...INSPECTIONS];
const DEEPEST = 4;

type Path = readonly (string | number)[];

/**
 * Checks the comparison at a path of a step.
 * @param besides keys allowed beside the operator
 */
export function checkComparison(step: StepReader, path: Path, besides: readonly string[] = [], depth = 1): void {
  if (depth > DEEPEST) {
    step.fault(path, `Comparisons must not nest more than ${DEEPEST} deep.`);
    return;
  }
  const test = step.at(path);
  if (!isMapping(test)) {
    step.fault(path, "A comparison must be a mapping with one operator.");
    return;
  }
  const keys = Object.keys(test).filter((key) => !["value", "path", ...besides].includes(key));
  const [operator, ...more] = keys;
  if (operator === undefined || more.length > 0) {
    const found = keys.length === 0 ? "none" : keys.join(", ");
    step.fault(path, `A comparison must have exactly one operator; found: ${found}.`);
  } else if (!OPERATORS.includes(operator)) {
    const valid = OPERATORS.join(", ");
    step.fault(path, `Unknown operator '${operator}'; valid are ${valid}.`, { found: operator, valid: OPERATORS });
  } else if (operator === "and" || operator === "or") {
    checkParts(step, [...path, operator], operator, depth);
  } else if (operator === "not") {
    checkNot(step, [...path, operator], depth);
  } else {
    checkOperands(step, path, operator, test);
  }
}

function checkParts(step: StepReader, path: Path, operator: string, depth: number): void {
  const parts = step.at(path);
  if (!Array.isArray(parts) || parts.length === 0) {
    step.fault(path, `The operator '${operator}' takes a list of comparisons.`);
    return;
  }
  for (const index of parts.keys()) checkComparison(step, [...path, index], [], depth + 1);
}

function checkNot(step: StepReader, path: Path, depth: number): void {
  const operand = step.at(path);
  if (!Array.isArray(operand)) {
    checkComparison(step, path, [], depth + 1);
    return;
  }
  step.warn(path, "AWSTOE's guide shows 'not' with a list on one page and with a mapping on another.");
  if (operand.length !== 1) step.fault(path, "The operator 'not' takes one comparison.");
  else checkComparison(step, [...path, 0], [], depth + 1);
}

const isKnown = (operand: unknown): boolean => typeof operand !== "string" || !operand.includes("{{");

function checkOperands(step: StepReader, path: Path, operator: string, test: Record<string, unknown>): void {
  const operand = test[operator];
  const has = (key: string): boolean => test[key] !== undefined;
  if (operand !== null && typeof operand === "object") {
    step.fault([...path, operator], `The operator '${operator}' takes a text or a number.`);
  } else if (operator in TESTS) {
    if (has("value")) step.warn([...path, "value"], `'value' has no effect: ${operator} tests its own operand.`);
  } else if (operator in COMPARISONS) {
    if (!has("value")) step.fault(path, `The operator '${operator}' requires a 'value' to compare with.`);
    checkCompared(step, path, operator, operand);
  } else if (operator.endsWith("Equals") && !has("path")) {
    step.fault(path, `The operator '${operator}' requires the 'path' of a file.`);
  }
}

function checkCompared(step: StepReader, path: Path, operator: string, operand: unknown): void {
  const at = [...path, operator];
  if (operator.startsWith("number")) {
    for (const one of [at, [...path, "value"]]) {
      const value = step.at(one);
      if (value !== undefined && isKnown(value) && !NUMBER.test(String(value))) {
        step.fault(one, `The operator '${operator}' compares numbers; '${value}' is not one.`);
      }
    }
  }
  if (operator === "patternMatches" && isKnown(operand)) checkPattern(step, at, String(operand));
}

function checkPattern(step: StepReader, path: Path, pattern: string): void {
  try {
    compilePattern(pattern);
  } catch (error) {
    if (!(error instanceof InvalidPatternError)) throw error;
    step.fault(path, error.message);
    return;
  }
  const lower = pattern.includes("a-z");
  if (!pattern.startsWith("(?i)") && lower !== pattern.includes("A-Z")) {
    const advice = "begin the pattern with (?i), or name both a-z and A-Z.";
    step.warn(path, `AWSTOE's guide contradicts itself on whether patternMatches ignores case: ${advice}`);
  }
}
