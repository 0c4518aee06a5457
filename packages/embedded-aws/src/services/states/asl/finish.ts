import { checkDataLimit } from "./data-limit.ts";
import type { Ending } from "./definition.ts";
import { evaluate, type Moment } from "./evaluate.ts";
import type { Json, JsonObject } from "./json.ts";
import type { Outcome, Visit } from "./visit.ts";

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
