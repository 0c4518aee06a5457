import type { FailState } from "./definition.ts";
import { evaluateAs } from "./evaluate.ts";
import { StateError } from "./state-error.ts";
import type { Visit } from "./visit.ts";

export function runFail(visit: Visit<FailState>): never {
  const { Error: error, Cause: cause } = visit.state;
  const named = error === undefined ? undefined : evaluateAs(visit, "Error", error, "string");
  const told = cause === undefined ? undefined : evaluateAs(visit, "Cause", cause, "string");
  throw new StateError(named as string | undefined, told as string | undefined);
}
