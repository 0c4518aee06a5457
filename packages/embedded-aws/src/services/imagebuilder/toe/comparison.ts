type Operator = (expected: string, value: string) => boolean;

/** Comparison operators of `if` and `Assert`: the operator's own value against `value`. */
const OPERATORS: Readonly<Record<string, Operator>> = {
  stringIsEmpty: (expected, value) => (value === "") === (expected === "true"),
  stringIsWhitespace: (expected, value) => (value.trim() === "") === (expected === "true"),
  stringEquals: (expected, value) => value === expected,
  stringLessThan: (expected, value) => value < expected,
  stringLessThanEquals: (expected, value) => value <= expected,
  stringGreaterThan: (expected, value) => value > expected,
  stringGreaterThanEquals: (expected, value) => value >= expected,
  patternMatches: (expected, value) => new RegExp(expected).test(value),
  numberEquals: (expected, value) => Number(value) === Number(expected),
  numberLessThan: (expected, value) => Number(value) < Number(expected),
  numberLessThanEquals: (expected, value) => Number(value) <= Number(expected),
  numberGreaterThan: (expected, value) => Number(value) > Number(expected),
  numberGreaterThanEquals: (expected, value) => Number(value) >= Number(expected),
};

/** About the instance: their answer comes from the simulation, or is taken as true. */
const ABOUT_THE_INSTANCE = ["fileExists", "fileMD5Equals", "folderExists", "packageInstalled"];
const DEEPEST = 4;

/** Refuses what has not exactly one operator, or nests more than four deep. */
export function checkComparison(test: unknown, refuse: (why: string) => never, depth = 1): void {
  if (depth > DEEPEST) refuse(`Comparisons must not nest more than ${DEEPEST} deep.`);
  if (test === null || typeof test !== "object") refuse("A comparison must be a mapping with one operator.");
  const operators = Object.keys(test as object).filter((key) => key !== "value");
  const operator =
    operators.length === 1 ? (operators[0] ?? "") : refuse("A comparison must have exactly one operator.");
  const operand = (test as Record<string, unknown>)[operator];
  if (operator === "and" || operator === "or") {
    if (!Array.isArray(operand)) refuse(`The operator '${operator}' takes a list.`);
    for (const part of operand as unknown[]) checkComparison(part, refuse, depth + 1);
  } else if (operator === "not") checkComparison(operand, refuse, depth + 1);
  else if (!OPERATORS[operator] && !ABOUT_THE_INSTANCE.includes(operator)) {
    refuse(
      `Unknown operator '${operator}'; valid are and, or, not, ${[...Object.keys(OPERATORS), ...ABOUT_THE_INSTANCE].join(", ")}.`,
    );
  }
}

/** The outcome of a checked comparison whose variables are replaced. */
export function holds(test: unknown): boolean {
  const { value, ...operation } = test as Record<string, unknown>;
  const [operator = "", operand] = Object.entries(operation)[0] ?? [];
  if (operator === "and") return (operand as unknown[]).every(holds);
  if (operator === "or") return (operand as unknown[]).some(holds);
  if (operator === "not") return !holds(operand);
  return OPERATORS[operator]?.(String(operand), String(value ?? "")) ?? true;
}
