import type { Ending } from "./definition.ts";
import type { Json } from "./json.ts";
import { StateError } from "./state-error.ts";
import type { Moment, Outcome, Visit } from "./visit.ts";

/** The output of a state, a Choice rule or a Catcher with this result, and the next state. */
export function finish(visit: Visit, ending: Ending, result: Json, at: Moment = {}): Outcome {
  const { output, assigned } = visit.language.output(visit, ending, result, at);
  checkDataLimit(visit.name, output);
  return { output, assigned, next: ending.End ? undefined : ending.Next };
}

/** 256 KiB as UTF-8: the quota of every input, output and result. */
const MAX_BYTES = 262_144;

/** Throws States.DataLimitExceeded with AWS's message; `what` is the state's name, or the task's resource. */
export function checkDataLimit(what: string, value: Json): Json {
  if (Buffer.byteLength(JSON.stringify(value)) > MAX_BYTES) {
    throw new StateError(
      "States.DataLimitExceeded",
      `The state/task '${what}' returned a result with a size exceeding the maximum number of bytes service limit.`,
    );
  }
  return value;
}
