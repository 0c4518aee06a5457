import type { Ending } from "./definition.ts";
import { evaluate, type Moment } from "./evaluate.ts";
import type { Json, JsonObject } from "./json.ts";
import { StateError } from "./state-error.ts";
import type { Outcome, Visit } from "./thread.ts";

/**
 * What comes out of a state, a Choice rule or a Catcher. Assign and Output both read the variables as they were when
 * the state was entered; without Output the result (or `otherwise`) passes on.
 */
export function finish(visit: Visit<unknown>, ending: Ending, otherwise: Json, at: Moment = {}): Outcome {
  const assigned = ending.Assign === undefined ? {} : (evaluate(visit, "Assign", ending.Assign, at) as JsonObject);
  const output = ending.Output === undefined ? otherwise : evaluate(visit, "Output", ending.Output, at);
  checkDataLimit(visit.name, output);
  return { output, assigned, next: ending.End ? undefined : ending.Next };
}

/** 256 KiB as UTF-8: the quota of every input, output and result. */
const MAX_BYTES = 262_144;

/** Throws States.DataLimitExceeded, in AWS's words; `what` is the state's name, or the task's resource. */
export function checkDataLimit(what: string, value: Json): Json {
  if (Buffer.byteLength(JSON.stringify(value)) > MAX_BYTES) {
    throw new StateError(
      "States.DataLimitExceeded",
      `The state/task '${what}' returned a result with a size exceeding the maximum number of bytes service limit.`,
    );
  }
  return value;
}
