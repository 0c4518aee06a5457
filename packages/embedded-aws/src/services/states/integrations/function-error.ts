import { isObject, type Json } from "../asl/json.ts";
import { StateError } from "../asl/state-error.ts";

/** A function's own failure: its errorType is the error's name, its whole answer the cause. */
export function functionError(payload: string): StateError {
  let answer: Json = null;
  try {
    answer = JSON.parse(payload) as Json;
  } catch {
    // A runtime that crashed may leave anything; the text itself is then all that is known.
  }
  const type = isObject(answer) ? answer.errorType : undefined;
  return new StateError(typeof type === "string" && type !== "" ? type : "Lambda.Unknown", payload);
}
