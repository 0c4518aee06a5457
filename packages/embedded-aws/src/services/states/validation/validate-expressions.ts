import { expressionOf, isExpression } from "../asl/expression-text.ts";
import { isObject, type Json, type JsonObject } from "../asl/json.ts";
import { checkExpression } from "../asl/jsonata-engine.ts";
import { type Diagnostic, schemaError } from "./diagnostic.ts";

/** Nested branches have states of their own. */
const nested = ["ItemProcessor", "Branches"];

/** JSONata that does not parse. */
export function validateExpressions(state: JsonObject, location: string): Diagnostic[] {
  return Object.entries(state)
    .filter(([field]) => !nested.includes(field))
    .flatMap(([field, value]) => walk(value, `${location}/${field}`));
}

function walk(value: Json, location: string): Diagnostic[] {
  if (typeof value === "string") return isExpression(value) ? check(expressionOf(value), location) : [];
  if (Array.isArray(value)) return (value as Json[]).flatMap((part, at) => walk(part, `${location}[${at}]`));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, part]) => walk(part, `${location}/${key}`));
}

function check(expression: string, location: string): Diagnostic[] {
  try {
    checkExpression(expression);
    return [];
  } catch (problem) {
    const { code, message } = problem as { code?: string; message?: string };
    return [schemaError(`The JSONata expression '${expression}' does not parse. ${code}: ${message}`, location)];
  }
}
