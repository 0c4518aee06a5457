import { isObject, type Json, type JsonObject } from "../asl/json.ts";

/** Optimized integrations take JSON where the service takes text. */
export function withText(parameters: Json, name: string): JsonObject {
  if (!isObject(parameters)) return {};
  const value = parameters[name];
  return value === undefined || typeof value === "string"
    ? parameters
    : { ...parameters, [name]: JSON.stringify(value) };
}
