import { operators } from "../asl/choice-rules.ts";
import type { StateType } from "../asl/definition.ts";
import { isObject, type Json, type JsonObject } from "../asl/json.ts";
import { type Diagnostic, schemaError } from "./diagnostic.ts";

/** The fields that an object of the state language may have. */
interface Fields {
  readonly both: readonly string[];
  readonly JSONata: readonly string[];
  readonly JSONPath: readonly string[];
}

export type Language = "JSONata" | "JSONPath";

const paths = ["InputPath", "OutputPath"];

const results = ["ResultPath", "ResultSelector", "Parameters"];

const recovers = ["Assign", "Retry", "Catch"];

/** Developer Guide, "Workflow states", and the Amazon States Language. */
const stateFields: Readonly<Record<StateType, Fields>> = {
  Pass: { both: ["Assign"], JSONata: ["Output"], JSONPath: [...paths, "Result", "ResultPath", "Parameters"] },
  Task: {
    both: [...recovers, "Resource", "TimeoutSeconds", "HeartbeatSeconds", "Credentials"],
    JSONata: ["Arguments", "Output"],
    JSONPath: [...paths, ...results, "TimeoutSecondsPath", "HeartbeatSecondsPath"],
  },
  Choice: { both: ["Choices", "Default", "Assign"], JSONata: ["Output"], JSONPath: paths },
  Wait: {
    both: ["Assign", "Seconds", "Timestamp"],
    JSONata: ["Output"],
    JSONPath: [...paths, "SecondsPath", "TimestampPath"],
  },
  Succeed: { both: [], JSONata: ["Output"], JSONPath: paths },
  Fail: { both: ["Error", "Cause"], JSONata: [], JSONPath: ["ErrorPath", "CausePath"] },
  Parallel: { both: [...recovers, "Branches"], JSONata: ["Arguments", "Output"], JSONPath: [...paths, ...results] },
  Map: {
    both: [
      ...recovers,
      "ItemProcessor",
      "ItemSelector",
      "MaxConcurrency",
      "Label",
      "ItemReader",
      "ItemBatcher",
      "ResultWriter",
      "ToleratedFailureCount",
      "ToleratedFailurePercentage",
    ],
    JSONata: ["Items", "Output"],
    JSONPath: [
      ...paths,
      ...results,
      "Iterator",
      "ItemsPath",
      "MaxConcurrencyPath",
      "ToleratedFailureCountPath",
      "ToleratedFailurePercentagePath",
    ],
  },
};

const goOn: readonly StateType[] = ["Pass", "Task", "Wait", "Parallel", "Map"];

const ruleFields: Fields = {
  both: ["Next", "Assign", "Comment"],
  JSONata: ["Condition", "Output"],
  JSONPath: ["Variable", "And", "Or", "Not", ...operators],
};

const catcherFields: Fields = {
  both: ["ErrorEquals", "Next", "Assign", "Comment"],
  JSONata: ["Output"],
  JSONPath: ["ResultPath"],
};

/** Whether a state of that type needs Next or End. */
export const goesOn = (type: StateType): boolean => goOn.includes(type);

/** Reports fields that the state, its Choice rules and its Catchers cannot have, with AWS's messages. */
export function validateFieldNames(state: JsonObject, language: Language, location: string): Diagnostic[] {
  const type = state.Type as StateType;
  const { both, JSONata, JSONPath } = stateFields[type];
  const always = ["Type", "Comment", "QueryLanguage", ...(goesOn(type) ? ["Next", "End"] : [])];
  return [
    ...unsupported(state, { both: [...always, ...both], JSONata, JSONPath }, language, location),
    ...ofList(state.Choices, `${location}/Choices`, (rule, at) => unsupported(rule, ruleFields, language, at)),
    ...ofList(state.Catch, `${location}/Catch`, (rule, at) => unsupported(rule, catcherFields, language, at)),
  ];
}

function unsupported(given: JsonObject, fields: Fields, language: Language, location: string): Diagnostic[] {
  const other = language === "JSONata" ? "JSONPath" : "JSONata";
  return Object.keys(given)
    .filter((field) => !fields.both.includes(field) && !fields[language].includes(field))
    .map((field) => {
      const message = fields[other].includes(field)
        ? `The QueryLanguage is set to '${language}', but field '${field}' is only supported for the '${other}' QueryLanguage`
        : `Field '${field}' is not supported`;
      return schemaError(message, location);
    });
}

/** A list's objects with their locations; another rule reports other values. */
export function ofList<T>(list: Json | undefined, location: string, each: (one: JsonObject, at: string) => T[]): T[] {
  if (!Array.isArray(list)) return [];
  return (list as Json[]).flatMap((one, at) => (isObject(one) ? each(one, `${location}[${at}]`) : []));
}
