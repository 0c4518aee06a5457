import { operators } from "../asl/choice-rules.ts";
import { isIntrinsic, parseIntrinsic } from "../asl/intrinsic-call.ts";
import { isObject, type Json, type JsonObject } from "../asl/json.ts";
import { InvalidPath, parsePath, UnbuiltPath } from "../asl/jsonpath.ts";
import { type Diagnostic, requiredFields, schemaError } from "./diagnostic.ts";
import { type PathField, pathFields } from "./path-fields.ts";
import { ofList } from "./state-fields.ts";

/** Rules for JSONPath states only: paths, literals without expressions, and Choice rules' comparisons. */
export function validateJsonpath(state: JsonObject, location: string): Diagnostic[] {
  return [
    ...pathFields(state, location).flatMap(validatePath),
    ...validateLiterals(state, location),
    ...ofList(state.Choices, `${location}/Choices`, validateComparison),
  ];
}

function validatePath(path: PathField): Diagnostic[] {
  const { field, value, location, kind } = path;
  if (value === null && ["InputPath", "OutputPath", "ResultPath"].includes(field)) return [];
  const problem = problemOf(path);
  if (problem === undefined) return [];
  if (kind === "template") {
    const what = "must be a valid JSONPath or a valid intrinsic function call";
    return [schemaError(`The value for the field '${field}' ${what}`, location)];
  }
  const what = kind === "reference" ? "Value is not a Reference Path" : "Value is not a valid JSONPath";
  return [schemaError(`${what}: ${problem}`, location)];
}

function problemOf({ value, kind, context, calls }: PathField): string | undefined {
  if (typeof value !== "string") return "not a string";
  try {
    if (calls && isIntrinsic(value)) {
      parseIntrinsic(value);
      return undefined;
    }
    const { root, steps } = parsePath(value);
    if (root === "context" && !context) return "the Context object cannot be used here";
    return kind === "reference" && steps === undefined ? "it can find more than one value" : undefined;
  } catch (problem) {
    // Valid in AWS; acceptDefinition reports that it is not built.
    if (problem instanceof UnbuiltPath) return undefined;
    if (problem instanceof InvalidPath) return problem.message;
    throw problem;
  }
}

const least: Readonly<Record<string, number>> = {
  Seconds: 0,
  TimeoutSeconds: 1,
  HeartbeatSeconds: 1,
  MaxConcurrency: 0,
  ToleratedFailureCount: 0,
};

function validateLiterals(state: JsonObject, location: string): Diagnostic[] {
  return Object.entries(least).flatMap(([field, minimum]) => {
    const value = state[field];
    if (value === undefined) return [];
    if (!Number.isInteger(value)) return [schemaError("Expected value of type Integer", `${location}/${field}`)];
    return (value as number) < minimum ? [schemaError(`Minimum value is ${minimum}`, `${location}/${field}`)] : [];
  });
}

/** A rule compares one variable, or combines others; only the outermost has Next. */
function validateComparison(rule: JsonObject, location: string): Diagnostic[] {
  const found = ["And", "Or", "Not", ...operators].filter((name) => name in rule);
  if (found.length !== 1) {
    return [schemaError("A Choice rule must have exactly one comparison operator, 'And', 'Or' or 'Not'", location)];
  }
  const [operator] = found as [string];
  const operand = rule[operator]!;
  if (operator === "Not") {
    return isObject(operand) ? validateComparison(operand, `${location}/Not`) : [notAn("object", `${location}/Not`)];
  }
  if (operator === "And" || operator === "Or") {
    if (!Array.isArray(operand) || operand.length === 0) return [notAn("array", `${location}/${operator}`)];
    return ofList(operand as Json, `${location}/${operator}`, validateComparison);
  }
  return [...requiredFields(rule, ["Variable"], location), ...validateOperand(operator, operand, location)];
}

function validateOperand(operator: string, operand: Json, location: string): Diagnostic[] {
  if (operator.endsWith("Path")) return [];
  const type = /^(Boolean|Is)/.test(operator) ? "boolean" : operator.startsWith("Numeric") ? "number" : "string";
  return typeof operand === type ? [] : [notAn(type, `${location}/${operator}`)];
}

const notAn = (type: string, location: string) => schemaError(`Value is not valid. Expected an ${type}`, location);
