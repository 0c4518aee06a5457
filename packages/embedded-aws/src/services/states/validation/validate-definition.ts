import type { JsonObject } from "../asl/json.ts";
import { type Diagnostic, requiredFields, schemaError } from "./diagnostic.ts";
import { validateBranch } from "./validate-branch.ts";

const topLevel = ["Comment", "QueryLanguage", "StartAt", "States", "TimeoutSeconds", "Version"];
const languages = ["JSONata", "JSONPath"];

/** Everything AWS would refuse in the definition; empty where it would not. */
export function validateDefinition(definition: JsonObject, type: "STANDARD" | "EXPRESS" = "STANDARD"): Diagnostic[] {
  const missing = requiredFields(definition, ["States", "StartAt"], "/");
  if (missing.length > 0) return missing;
  const { QueryLanguage = "JSONPath", TimeoutSeconds } = definition;
  const diagnostics = Object.keys(definition)
    .filter((field) => !topLevel.includes(field))
    .map((field) => schemaError("Field is not supported", `/${field}`));
  if (!languages.includes(QueryLanguage as string)) {
    diagnostics.push(schemaError(`Value is not valid. Expected: [${languages.join(", ")}]`, "/QueryLanguage"));
  }
  if (TimeoutSeconds !== undefined && !(Number.isInteger(TimeoutSeconds) && (TimeoutSeconds as number) > 0)) {
    diagnostics.push(schemaError("Value is not valid. Expected a positive integer", "/TimeoutSeconds"));
  }
  const scope = { language: QueryLanguage as string, express: type === "EXPRESS" };
  return [...diagnostics, ...validateBranch(definition, "", scope)];
}
