import type { JsonObject } from "../asl/json.ts";
import { type Diagnostic, schemaError } from "./diagnostic.ts";

/** A distributed Map's Label becomes part of ARNs. */
const FORBIDDEN = /[\s?*<>{}[\]:;,\\|^~$#%&`"\p{Cc}]/u;
const MAX_LENGTH = 40;

export function validateLabel(state: JsonObject, location: string): Diagnostic[] {
  const label = state.Label;
  if (state.Type !== "Map" || typeof label !== "string") return [];
  if (label.length > MAX_LENGTH) {
    return [schemaError(`Label cannot exceed ${MAX_LENGTH} characters`, `${location}/Label`)];
  }
  const bad = FORBIDDEN.exec(label)?.[0];
  return bad === undefined ? [] : [schemaError(`Label contains invalid character: '${bad}'`, `${location}/Label`)];
}
