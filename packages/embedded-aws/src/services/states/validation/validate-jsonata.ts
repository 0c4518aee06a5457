import { expressionOf, isExpression } from "../asl/definition.ts";
import { isObject, type Json, type JsonObject } from "../asl/json.ts";
import { parseExpression } from "../asl/jsonata-engine.ts";
import { type Diagnostic, schemaError } from "./diagnostic.ts";

/** Nested branches contain their own states. */
const nested = ["ItemProcessor", "Branches"];

/** JSONata that does not parse, or reads undefined names. */
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
    return topLevelNames(parseExpression(expression)).map((name) => ({
      severity: "ERROR",
      code: "UNSUPPORTED_JSONATA_EXPRESSION",
      message: `Reference to '${name}' at the top level is not supported.`,
      location,
    }));
  } catch (problem) {
    const { message } = problem as { message: string };
    return [{ severity: "ERROR", code: "INVALID_JSONATA_EXPRESSION", message, location }];
  }
}

/** Nodes whose parts are evaluated in the same context: all except paths and functions. */
const transparent = ["binary", "unary", "block", "condition", "function", "partial", "bind", "apply"];

/** Names that an expression reads from a context item, which does not exist in a state. */
function topLevelNames(node: unknown): string[] {
  if (Array.isArray(node)) return [...new Set(node.flatMap(topLevelNames))];
  if (typeof node !== "object" || node === null) return [];
  const { type, steps, value, ...rest } = node as { type?: string; steps?: unknown[]; value?: unknown };
  if (type === "path") {
    const [first] = steps as [{ type?: string; value?: unknown }];
    return first.type === "name" ? [String(first.value)] : topLevelNames(first);
  }
  if (type === "name") return [String(value)];
  return type !== undefined && !transparent.includes(type) ? [] : topLevelNames(Object.values(rest));
}

const NAME = /^[\p{ID_Start}][\p{ID_Continue}]{0,79}$/u;

/** Checks variable names. A name of an outer scope is allowed inside Map and Parallel, as a separate variable. */
export function validateAssign(state: JsonObject, location: string): Diagnostic[] {
  const places: [Json | undefined, string][] = [[state.Assign, `${location}/Assign`]];
  for (const field of ["Choices", "Catch"]) {
    const list = state[field];
    if (!Array.isArray(list)) continue;
    for (const [at, rule] of (list as Json[]).entries()) {
      if (isObject(rule)) places.push([rule.Assign, `${location}/${field}[${at}]/Assign`]);
    }
  }
  return places.flatMap(([assign, place]) => {
    if (assign === undefined) return [];
    if (!isObject(assign)) return [schemaError("Value is not valid. Expected an object", place)];
    return Object.keys(assign).flatMap((key) => validateName(key.replace(/\.\$$/, ""), place));
  });
}

function validateName(name: string, place: string): Diagnostic[] {
  if (name === "states") return [schemaError("The variable name 'states' is reserved", place)];
  return NAME.test(name) ? [] : [schemaError(`The variable name '${name}' is not valid`, place)];
}
