import { isObject, type JsonObject } from "../asl/json.ts";
import { type Diagnostic, schemaError } from "./diagnostic.ts";

/** AWS's quota for a definition, in bytes. */
const MAX_BYTES = 1_048_576;

export function parseDefinition(text: string): { definition?: JsonObject; diagnostics: Diagnostic[] } {
  if (Buffer.byteLength(text) > MAX_BYTES) {
    return { diagnostics: [schemaError(`Definition must not be longer than ${MAX_BYTES} bytes`)] };
  }
  try {
    const definition: unknown = JSON.parse(text);
    if (isObject(definition)) return { definition, diagnostics: [] };
  } catch {
    // Said below, as AWS says it: without the parser's reason.
  }
  return { diagnostics: [schemaError("Definition must be a valid JSON object")] };
}
