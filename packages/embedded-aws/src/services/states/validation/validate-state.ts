import { parseTimestamp, type StateType, stateTypes } from "../asl/definition.ts";
import { isObject, type Json, type JsonObject } from "../asl/json.ts";
import { type Diagnostic, requiredFields, type Scope, schemaError, speaksJsonata } from "./diagnostic.ts";
import { validateAssign, validateExpressions } from "./validate-jsonata.ts";
import { validateRecovery } from "./validate-recovery.ts";

export function validateState(state: JsonObject, location: string, scope: Scope): Diagnostic[] {
  const type = state.Type;
  if (type === undefined) return requiredFields(state, ["Type"], location);
  if (!stateTypes.includes(type as StateType)) {
    return [schemaError(`Value is not valid. Expected: [${stateTypes.join(", ")}]`, `${location}/Type`)];
  }
  if (scope.language === "JSONata" && state.QueryLanguage === "JSONPath") {
    return [schemaError("'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine", location)];
  }
  const jsonata = speaksJsonata(state, scope);
  return [
    ...(jsonata ? validateFields(state, type as StateType, location) : []),
    ...(jsonata ? validateExpressions(state, location) : []),
    ...validateAssign(state, location),
    ...validateRecovery(state, location),
    ...validateWait(state, location, jsonata),
    ...validateTask(state, location, scope),
    ...validateLabel(state, location),
  ];
}

function validateFields(state: JsonObject, type: StateType, location: string): Diagnostic[] {
  const { required, goesOn } = stateFields[type];
  const diagnostics = requiredFields(state, required, location);
  for (const field of Object.keys(state)) {
    if (!isKnownField(type, field)) diagnostics.push(schemaError("Field is not supported", `${location}/${field}`));
  }
  if (goesOn && !("Next" in state) && state.End !== true) {
    diagnostics.push(schemaError("These fields are required: [End, Next]", location));
  }
  if (goesOn && "Next" in state && state.End === true) {
    diagnostics.push(schemaError("'Next' and 'End' can not be used together", location));
  }
  for (const field of ["Choices", "Branches"]) {
    if (field in state && !(Array.isArray(state[field]) && state[field].length > 0)) {
      diagnostics.push(
        schemaError("Value is not valid. Expected an array with at least one element", `${location}/${field}`),
      );
    }
  }
  if (type === "Choice" && Array.isArray(state.Choices)) diagnostics.push(...validateRules(state.Choices, location));
  return diagnostics;
}

function validateRules(rules: readonly Json[], location: string): Diagnostic[] {
  return rules.flatMap((rule, at) => {
    const place = `${location}/Choices[${at}]`;
    return isObject(rule)
      ? requiredFields(rule, ["Condition", "Next"], place)
      : [schemaError("Value is not valid. Expected an object", place)];
  });
}

/** A Timestamp may be an expression, in JSONata; a text that is none must be a timestamp. */
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
  if (label.length > MAX_LENGTH) {
    return [schemaError(`Label cannot exceed ${MAX_LENGTH} characters`, `${location}/Label`)];
  }
  const bad = FORBIDDEN.exec(label)?.[0];
  return bad === undefined ? [] : [schemaError(`Label contains invalid character: '${bad}'`, `${location}/Label`)];
}

interface Fields {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  /** Whether the state goes on: Next or End must stand. */
  readonly goesOn: boolean;
}

const always = ["Type", "Comment", "QueryLanguage"];

const results = ["Output", "Assign"];

const recovers = ["Retry", "Catch"];

/** Fields of a state that speaks JSONata (Developer Guide, "Workflow states", and the Amazon States Language). */
const stateFields: Readonly<Record<StateType, Fields>> = {
  Pass: { required: [], optional: results, goesOn: true },
  Task: {
    required: ["Resource"],
    optional: [...results, ...recovers, "Arguments", "TimeoutSeconds", "HeartbeatSeconds", "Credentials"],
    goesOn: true,
  },
  Choice: { required: ["Choices"], optional: [...results, "Default"], goesOn: false },
  Wait: { required: [], optional: [...results, "Seconds", "Timestamp"], goesOn: true },
  Succeed: { required: [], optional: ["Output"], goesOn: false },
  Fail: { required: [], optional: ["Error", "Cause"], goesOn: false },
  Parallel: { required: ["Branches"], optional: [...results, ...recovers, "Arguments"], goesOn: true },
  Map: {
    required: ["ItemProcessor"],
    optional: [
      ...results,
      ...recovers,
      "Items",
      "ItemSelector",
      "MaxConcurrency",
      "Label",
      "ItemReader",
      "ItemBatcher",
      "ResultWriter",
      "ToleratedFailureCount",
      "ToleratedFailurePercentage",
    ],
    goesOn: true,
  },
};

function isKnownField(type: StateType, field: string): boolean {
  const { required, optional, goesOn } = stateFields[type];
  return [...always, ...required, ...optional, ...(goesOn ? ["Next", "End"] : [])].includes(field);
}
