import {
  type ChoiceState,
  type FailState,
  type PassState,
  parseTimestamp,
  type SucceedState,
  type WaitState,
} from "./definition.ts";
import { evaluateAs, evaluationError } from "./evaluate.ts";
import { finish } from "./finish.ts";
import { StateError } from "./state-error.ts";
import type { Outcome, Visit } from "./thread.ts";

export const runPass = (visit: Visit<PassState>): Outcome => finish(visit, visit.state, visit.input);

/** The first rule whose Condition is true; its own Output and Assign count, the state's only for Default. */
export function runChoice(visit: Visit<ChoiceState>): Outcome {
  const { Choices, Default, Output, Assign } = visit.state;
  for (const [index, rule] of Choices.entries()) {
    const holds = evaluateAs(visit, `Choices[${index}]/Condition`, rule.Condition, "boolean");
    if (holds) return finish(visit, rule, visit.input);
  }
  if (Default === undefined) {
    throw new StateError(
      "States.NoChoiceMatched",
      `An error occurred while executing the state '${visit.name}' (entered at the event id #${visit.entered}). ` +
        "Failed to transition out of the state. The state does not point to a next state.",
    );
  }
  const ending = { Next: Default, ...(Output === undefined ? {} : { Output }), ...(Assign ? { Assign } : {}) };
  return finish(visit, ending, visit.input);
}

export async function runWait(visit: Visit<WaitState>): Promise<Outcome> {
  await visit.thread.pause(waitingTime(visit));
  return finish(visit, visit.state, visit.input);
}

/** In milliseconds; a moment that is over is no wait. */
function waitingTime(visit: Visit<WaitState>): number {
  const { Seconds, Timestamp } = visit.state;
  if (Seconds !== undefined) {
    const seconds = evaluateAs(visit, "Seconds", Seconds, "number") as number;
    if (Number.isInteger(seconds) && seconds >= 0 && seconds <= 99_999_999) return seconds * 1_000;
    const why = `The Seconds field must be an integer from 0 to 99999999 but was: ${seconds}`;
    throw evaluationError(visit, why, "Seconds", visit.entered);
  }
  const text = evaluateAs(visit, "Timestamp", Timestamp ?? "", "string") as string;
  const until = parseTimestamp(text);
  if (until === undefined) {
    const why = `The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: ${text}`;
    throw evaluationError(visit, why, "Timestamp", visit.entered);
  }
  return Math.max(0, until - visit.thread.run.aws.clock.now());
}

/** Ends its branch; it has neither Next nor End. */
export const runSucceed = (visit: Visit<SucceedState>): Outcome => finish(visit, visit.state, visit.input);

export function runFail(visit: Visit<FailState>): never {
  const { Error: error, Cause: cause } = visit.state;
  const named = error === undefined ? undefined : evaluateAs(visit, "Error", error, "string");
  const told = cause === undefined ? undefined : evaluateAs(visit, "Cause", cause, "string");
  throw new StateError(named as string | undefined, told as string | undefined);
}
