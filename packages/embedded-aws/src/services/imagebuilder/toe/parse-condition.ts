import { checkComparison } from "./comparison.ts";
import { BRANCHES, type Branch, type ToeCondition } from "./document.ts";

/** `if`: one comparison or logical operator, and what to do either way (Execute, else Skip, where nothing is said). */
export function parseCondition(condition: unknown, refuse: (why: string) => never): ToeCondition | undefined {
  if (condition === undefined || condition === null) return undefined;
  if (typeof condition !== "object") refuse("An 'if' must be a mapping.");
  const { then = "Execute", else: otherwise = "Skip", ...test } = condition as Record<string, unknown>;
  for (const branch of [then, otherwise]) {
    if (!BRANCHES.includes(branch as Branch)) {
      refuse(`'${branch}' is not a valid branch of 'if'; use one of ${BRANCHES.join(", ")}.`);
    }
  }
  checkComparison(test, refuse);
  return { test, whenTrue: then as Branch, whenFalse: otherwise as Branch };
}
