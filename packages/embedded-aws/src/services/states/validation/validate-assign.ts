import { isObject, type Json, type JsonObject } from "../asl/json.ts";
import { type Diagnostic, schemaError } from "./diagnostic.ts";

const NAME = /^[\p{ID_Start}][\p{ID_Continue}]{0,79}$/u;

/** Variables' names. A name of an outer scope is allowed inside Map and Parallel, and is a variable of its own there. */
export function validateAssign(state: JsonObject, location: string): Diagnostic[] {
  const places: [Json | undefined, string][] = [[state.Assign, `${location}/Assign`]];
  for (const field of ["Choices", "Catch"]) {
    const list = state[field];
    if (!Array.isArray(list)) continue;
    for (const [at, rule] of (list as Json[]).entries()) {
      if (isObject(rule)) places.push([rule.Assign, `${location}/${field}[${at}]/Assign`]);
    }
  }
  return places.flatMap(([assign, place]) => {
    if (assign === undefined) return [];
    if (!isObject(assign)) return [schemaError("Value is not valid. Expected an object", place)];
    return Object.keys(assign).flatMap((key) => validateName(key.replace(/\.\$$/, ""), place));
  });
}

function validateName(name: string, place: string): Diagnostic[] {
  if (name === "states") return [schemaError("The variable name 'states' is reserved", place)];
  return NAME.test(name) ? [] : [schemaError(`The variable name '${name}' is not valid`, place)];
}
