import { isObject, type Json, type JsonObject } from "../asl/json.ts";
import { type Diagnostic, requiredFields, schemaError } from "./diagnostic.ts";

const limits: Readonly<Record<string, (value: Json) => boolean>> = {
  IntervalSeconds: (value) => Number.isInteger(value) && (value as number) > 0,
  MaxAttempts: (value) => Number.isInteger(value) && (value as number) >= 0,
  BackoffRate: (value) => typeof value === "number" && value >= 1,
  MaxDelaySeconds: (value) => Number.isInteger(value) && (value as number) > 0 && (value as number) < 31_622_400,
  JitterStrategy: (value) => value === "FULL" || value === "NONE",
};

/** Retry and Catch. */
export function validateRecovery(state: JsonObject, location: string): Diagnostic[] {
  const retry = rules(state.Retry, `${location}/Retry`, []);
  const numbers = Array.isArray(state.Retry)
    ? (state.Retry as Json[]).flatMap((rule, at) => validateNumbers(rule, `${location}/Retry[${at}]`))
    : [];
  return [...retry, ...numbers, ...rules(state.Catch, `${location}/Catch`, ["Next"])];
}

function rules(list: Json | undefined, location: string, required: readonly string[]): Diagnostic[] {
  if (list === undefined) return [];
  if (!Array.isArray(list)) return [schemaError("Value is not valid. Expected an array", location)];
  return (list as Json[]).flatMap((rule, at) => {
    const place = `${location}[${at}]`;
    if (!isObject(rule)) return [schemaError("Value is not valid. Expected an object", place)];
    const missing = requiredFields(rule, ["ErrorEquals", ...required], place);
    return missing.length > 0 ? missing : errorNames(rule.ErrorEquals, `${place}/ErrorEquals`, at === list.length - 1);
  });
}

/** States.ALL must be the only name, in the last rule. */
function errorNames(names: Json | undefined, location: string, last: boolean): Diagnostic[] {
  if (!Array.isArray(names) || names.length === 0 || names.some((name) => typeof name !== "string")) {
    return [schemaError("Value is not valid. Expected an array of error names", location)];
  }
  if (!names.includes("States.ALL") || (names.length === 1 && last)) return [];
  return [schemaError("'States.ALL' must be the only error name, in the last rule", location)];
}

function validateNumbers(rule: Json, location: string): Diagnostic[] {
  if (!isObject(rule)) return [];
  return Object.entries(limits)
    .filter(([field, isValid]) => rule[field] !== undefined && !isValid(rule[field]))
    .map(([field]) => schemaError(`Value is not valid: ${JSON.stringify(rule[field])}`, `${location}/${field}`));
}
