import { COMPARISONS, LOGICAL, TESTS } from "./comparison.ts";
import { INSPECTIONS } from "./step-host.ts";

const OPERATORS: readonly string[] = [...LOGICAL, ...Object.keys(COMPARISONS), ...Object.keys(TESTS), ...INSPECTIONS];
const DEEPEST = 4;

/** Refuses what has not exactly one operator, or nests more than four deep. */
export function checkComparison(test: unknown, refuse: (why: string) => never, depth = 1): void {
  if (depth > DEEPEST) refuse(`Comparisons must not nest more than ${DEEPEST} deep.`);
  if (test === null || typeof test !== "object") refuse("A comparison must be a mapping with one operator.");
  const operators = Object.keys(test as object).filter((key) => key !== "value" && key !== "path");
  const operator =
    operators.length === 1 ? (operators[0] ?? "") : refuse("A comparison must have exactly one operator.");
  const operand = (test as Record<string, unknown>)[operator];
  if (operator === "and" || operator === "or" || (operator === "not" && Array.isArray(operand))) {
    if (!Array.isArray(operand)) refuse(`The operator '${operator}' takes a list.`);
    for (const part of operand as unknown[]) checkComparison(part, refuse, depth + 1);
  } else if (operator === "not") checkComparison(operand, refuse, depth + 1);
  else if (!OPERATORS.includes(operator)) {
    refuse(`Unknown operator '${operator}'; valid are ${OPERATORS.join(", ")}.`);
  }
}
