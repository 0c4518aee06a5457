import { AwsError } from "../engine/aws-error.ts";
import { parseOperator } from "./condition-operators.ts";
import { type Context, substituteVariables } from "./match-pattern.ts";
import type { Conditions } from "./policy-document.ts";

/** Whether every condition of a statement holds for a request (IAM User Guide, "Condition operators"). */
export const conditionsHold = (conditions: Conditions, context: Context): boolean =>
  conditions.every((condition) => holds(condition, context));

function holds({ operator, key, values }: Conditions[number], context: Context): boolean {
  const parsed = parseOperator(operator);
  if (!parsed) throw new AwsError("MalformedPolicyDocument", `Invalid Condition type : ${operator}.`, { status: 400 });
  const { set, ifExists, compare } = parsed;
  const found = context.get(key.toLowerCase());
  if (compare === "Null") return values.some((value) => (value.toLowerCase() === "true") === (found === undefined));
  if (found === undefined) return ifExists || set === "ForAllValues" || (set === undefined && compare.negated);
  const wanted = values.flatMap((value) => substituteVariables(value, context) ?? []);
  const one = (value: string): boolean => wanted.some((want) => compare.matches(want, value)) !== compare.negated;
  if (set === "ForAllValues") return found.every(one);
  if (set === "ForAnyValue") return found.some(one);
  // Without a set operator, several values of a negated comparison must all differ.
  return compare.negated ? found.every(one) : found.some(one);
}
