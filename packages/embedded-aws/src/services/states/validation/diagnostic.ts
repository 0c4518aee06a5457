import type { JsonObject } from "../asl/json.ts";

export interface Diagnostic {
  readonly severity: "ERROR" | "WARNING";
  readonly code: string;
  readonly message: string;
  /** JSON pointer into the definition. */
  readonly location?: string;
}

export const schemaError = (message: string, location?: string): Diagnostic => ({
  severity: "ERROR",
  code: "SCHEMA_VALIDATION_FAILED",
  message,
  ...(location === undefined ? {} : { location }),
});

export const missingTarget = (message: string, location: string): Diagnostic => ({
  severity: "ERROR",
  code: "MISSING_TRANSITION_TARGET",
  message,
  location,
});

/** AWS reports all missing fields of an object in one diagnostic. */
export function requiredFields(given: object, names: readonly string[], location: string): Diagnostic[] {
  const missing = names.filter((name) => !(name in given));
  return missing.length === 0 ? [] : [schemaError(`These fields are required: [${missing.join(", ")}]`, location)];
}

export const languages = ["JSONata", "JSONPath"];

/** The context of a state. */
export interface Scope {
  /** The machine's query language, the default of its states. */
  readonly language: string;
  readonly express: boolean;
}

export const speaksJsonata = (state: JsonObject, scope: Scope): boolean =>
  (state.QueryLanguage ?? scope.language) === "JSONata";
