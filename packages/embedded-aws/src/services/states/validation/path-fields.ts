import { isObject, type Json, type JsonObject } from "../asl/json.ts";
import { isPathField } from "../asl/read-paths.ts";
import { ofList } from "./state-fields.ts";

/** A path in a JSONPath state. */
export interface PathField {
  readonly field: string;
  readonly value: Json;
  /** Of the field; in a payload template, of the object that contains it. */
  readonly location: string;
  readonly kind: "path" | "reference" | "template";
  /** Whether `$$` is allowed there (Developer Guide, "Accessing the Context object"). */
  readonly context: boolean;
  /** Whether it can call an intrinsic function: in payload templates, and in a Fail state's paths. */
  readonly calls: boolean;
}

const narrowing = ["InputPath", "OutputPath"];

const references = [
  "ResultPath",
  "TimeoutSecondsPath",
  "HeartbeatSecondsPath",
  "SecondsPath",
  "TimestampPath",
  "MaxConcurrencyPath",
  "ToleratedFailureCountPath",
  "ToleratedFailurePercentagePath",
];

const ofFail = ["ErrorPath", "CausePath"];

const templates = ["Parameters", "ResultSelector", "ItemSelector", "Assign", "Credentials"];

/** Every path in a state, without those of nested states. */
export function pathFields(state: JsonObject, location: string): PathField[] {
  return [
    ...named(state, location),
    ...ofList(state.Catch, `${location}/Catch`, named),
    ...ofList(state.Choices, `${location}/Choices`, (rule, at) => [...named(rule, at), ...inRule(rule, at)]),
  ];
}

function named(given: JsonObject, location: string): PathField[] {
  const at =
    (kind: PathField["kind"], context: boolean, calls = false) =>
    (field: string): PathField[] => {
      const value = given[field];
      return value === undefined ? [] : [{ field, value, location: `${location}/${field}`, kind, context, calls }];
    };
  return [
    ...narrowing.flatMap(at("path", true)),
    ...["ItemsPath"].flatMap(at("reference", true)),
    ...references.flatMap(at("reference", false)),
    ...ofFail.flatMap(at("reference", false, true)),
    ...templates.flatMap((field) => inTemplate(given[field], `${location}/${field}`)),
  ];
}

function inTemplate(template: Json | undefined, location: string): PathField[] {
  if (Array.isArray(template)) {
    return (template as Json[]).flatMap((part, at) => inTemplate(part, `${location}[${at}]`));
  }
  if (!isObject(template)) return [];
  return Object.entries(template).flatMap(([field, value]): PathField[] =>
    isPathField(field)
      ? [{ field, value, location, kind: "template", context: true, calls: true }]
      : inTemplate(value, `${location}/${field}`),
  );
}

function inRule(rule: JsonObject, location: string): PathField[] {
  const own = Object.entries(rule)
    .filter(([field]) => field === "Variable" || (field.endsWith("Path") && field !== "OutputPath"))
    .map(([field, value]): PathField => {
      return { field, value, location: `${location}/${field}`, kind: "reference", context: true, calls: false };
    });
  return [
    ...own,
    ...ofList(rule.And, `${location}/And`, inRule),
    ...ofList(rule.Or, `${location}/Or`, inRule),
    ...(isObject(rule.Not) ? inRule(rule.Not, `${location}/Not`) : []),
  ];
}
