import { parseTimestamp, type StateType, stateTypes } from "../asl/definition.ts";
import { isObject, type Json, type JsonObject } from "../asl/json.ts";
import { type Diagnostic, languages, requiredFields, type Scope, schemaError, speaksJsonata } from "./diagnostic.ts";
import { goesOn, type Language, validateFieldNames } from "./state-fields.ts";
import { validateAssign, validateExpressions } from "./validate-jsonata.ts";
import { validateJsonpath } from "./validate-jsonpath.ts";

export function validateState(state: JsonObject, location: string, scope: Scope): Diagnostic[] {
  const type = state.Type;
  if (type === undefined) return requiredFields(state, ["Type"], location);
  if (!stateTypes.includes(type as StateType)) {
    return [schemaError(`Value is not valid. Expected: [${stateTypes.join(", ")}]`, `${location}/Type`)];
  }
  if (scope.language === "JSONata" && state.QueryLanguage === "JSONPath") {
    return [schemaError("'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine", location)];
  }
  if (state.QueryLanguage !== undefined && !languages.includes(state.QueryLanguage as string)) {
    return [schemaError(`Value is not valid. Expected: [${languages.join(", ")}]`, `${location}/QueryLanguage`)];
  }
  const jsonata = speaksJsonata(state, scope);
  return [
    ...validateFields(state, jsonata ? "JSONata" : "JSONPath", location),
    ...(jsonata ? validateExpressions(state, location) : validateJsonpath(state, location)),
    ...validateAssign(state, location),
    ...validateRecovery(state, location),
    ...validateSeconds(state, location),
    ...validateWait(state, location, jsonata),
    ...validateTask(state, location, scope),
    ...validateLabel(state, location),
  ];
}

const required: Readonly<Partial<Record<StateType, readonly string[]>>> = {
  Task: ["Resource"],
  Choice: ["Choices"],
  Parallel: ["Branches"],
};

/** Mutually exclusive fields, of every state that can have them. */
const alternatives = [
  ["TimeoutSeconds", "TimeoutSecondsPath"],
  ["HeartbeatSeconds", "HeartbeatSecondsPath"],
  ["MaxConcurrency", "MaxConcurrencyPath"],
  ["ToleratedFailureCount", "ToleratedFailureCountPath"],
  ["ToleratedFailurePercentage", "ToleratedFailurePercentagePath"],
  ["Error", "ErrorPath"],
  ["Cause", "CausePath"],
  ["ItemProcessor", "Iterator"],
];

function validateFields(state: JsonObject, language: Language, location: string): Diagnostic[] {
  const type = state.Type as StateType;
  const diagnostics = requiredFields(state, required[type] ?? [], location);
  if (type === "Map" && !("Iterator" in state)) diagnostics.push(...requiredFields(state, ["ItemProcessor"], location));
  diagnostics.push(...validateFieldNames(state, language, location));
  for (const fields of alternatives.filter((all) => all.every((field) => field in state))) {
    const message = `There should only be one of the following fields: [${fields.join(", ")}]`;
    diagnostics.push(schemaError(message, location));
  }
  if (goesOn(type) && !("Next" in state) && state.End !== true) {
    diagnostics.push(schemaError("These fields are required: [End, Next]", location));
  }
  if (goesOn(type) && "Next" in state && state.End === true) {
    diagnostics.push(schemaError("'Next' and 'End' can not be used together", location));
  }
  for (const field of ["Choices", "Branches"]) {
    if (field in state && !(Array.isArray(state[field]) && state[field].length > 0)) {
      diagnostics.push(
        schemaError("Value is not valid. Expected an array with at least one element", `${location}/${field}`),
      );
    }
  }
  const ruled = language === "JSONata" ? ["Condition", "Next"] : ["Next"];
  if (type === "Choice" && Array.isArray(state.Choices)) {
    diagnostics.push(...validateRules(state.Choices, ruled, location));
  }
  return diagnostics;
}

function validateRules(rules: readonly Json[], fields: readonly string[], location: string): Diagnostic[] {
  return rules.flatMap((rule, at) => {
    const place = `${location}/Choices[${at}]`;
    return isObject(rule)
      ? requiredFields(rule, fields, place)
      : [schemaError("Value is not valid. Expected an object", place)];
  });
}

/** The maximum wait and timeout. */
const MAX_SECONDS = 99_999_999;

const validateSeconds = (state: JsonObject, location: string): Diagnostic[] =>
  ["Seconds", "TimeoutSeconds", "HeartbeatSeconds"]
    .filter((field) => typeof state[field] === "number" && state[field] > MAX_SECONDS)
    .map((field) => schemaError(`Maximum value is ${MAX_SECONDS}`, `${location}/${field}`));

/** In JSONata a Timestamp may be an expression; any other string must be a timestamp. */
function validateWait(state: JsonObject, location: string, jsonata: boolean): Diagnostic[] {
  if (state.Type !== "Wait") return [];
  const ways = ["Seconds", "Timestamp", "SecondsPath", "TimestampPath"].filter((field) => field in state);
  if (ways.length !== 1) {
    const names = jsonata ? "Seconds, Timestamp" : "Seconds, SecondsPath, Timestamp, TimestampPath";
    return [schemaError(`Exactly one of these fields is required: [${names}]`, location)];
  }
  const text = state.Timestamp;
  if (typeof text !== "string" || (jsonata && text.startsWith("{%")) || parseTimestamp(text) !== undefined) return [];
  return [schemaError("String does not match RFC3339 timestamp", `${location}/Timestamp`)];
}

function validateTask(state: JsonObject, location: string, scope: Scope): Diagnostic[] {
  if (state.Type !== "Task") return [];
  const { Resource, Credentials } = state;
  const diagnostics: Diagnostic[] = [];
  if (Resource !== undefined && !(typeof Resource === "string" && Resource.startsWith("arn:"))) {
    diagnostics.push(schemaError("Value is not a valid resource ARN", `${location}/Resource`));
  }
  for (const pattern of scope.express ? [".waitForTaskToken", ".sync"] : []) {
    if (typeof Resource !== "string" || !Resource.includes(pattern)) continue;
    const message = `Express state machine does not support '${pattern}' service integration `;
    diagnostics.push(schemaError(message, `${location}/Resource`));
  }
  if (isObject(Credentials) && !("RoleArn" in Credentials || "RoleArn.$" in Credentials)) {
    diagnostics.push(schemaError("The field 'RoleArn' is required but was missing", `${location}/Credentials`));
  }
  return diagnostics;
}

/** A distributed Map's Label becomes part of ARNs. */
const FORBIDDEN = /[\s?*<>{}[\]:;,\\|^~$#%&`"\p{Cc}]/u;

const MAX_LENGTH = 40;

function validateLabel(state: JsonObject, location: string): Diagnostic[] {
  const label = state.Label;
  if (state.Type !== "Map" || typeof label !== "string") return [];
  if (label === "") return [schemaError("Label cannot be empty", `${location}/Label`)];
  if (label.length > MAX_LENGTH) {
    return [schemaError(`Label cannot exceed ${MAX_LENGTH} characters`, `${location}/Label`)];
  }
  const bad = FORBIDDEN.exec(label)?.[0];
  return bad === undefined ? [] : [schemaError(`Label contains invalid character: '${bad}'`, `${location}/Label`)];
}

const limits: Readonly<Record<string, (value: Json) => boolean>> = {
  IntervalSeconds: (value) => Number.isInteger(value) && (value as number) > 0,
  MaxAttempts: (value) => Number.isInteger(value) && (value as number) >= 0,
  BackoffRate: (value) => typeof value === "number" && value >= 1,
  MaxDelaySeconds: (value) => Number.isInteger(value) && (value as number) > 0 && (value as number) < 31_622_400,
  JitterStrategy: (value) => value === "FULL" || value === "NONE",
};

/** Retry and Catch. */
function validateRecovery(state: JsonObject, location: string): Diagnostic[] {
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
