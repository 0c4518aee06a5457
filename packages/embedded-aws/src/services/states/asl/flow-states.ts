import type { ChoiceState, FailState, PassState, SucceedState, WaitState } from "./definition.ts";
import { finish } from "./finish.ts";
import { StateError } from "./state-error.ts";
import type { Outcome, Visit } from "./visit.ts";

export const runPass = (visit: Visit<PassState>): Outcome => finish(visit, visit.state, visit.language.passed(visit));

/** Uses the first rule whose Condition is true, with its own Output and Assign; the state's are only for Default. */
export function runChoice(visit: Visit<ChoiceState>): Outcome {
  const { Default, Output, OutputPath, Assign } = visit.state;
  const shared = OutputPath === undefined ? {} : { OutputPath };
  const rule = visit.language.choose(visit);
  if (rule) return finish(visit, { ...rule, ...shared }, visit.input);
  if (Default === undefined) {
    throw new StateError(
      "States.NoChoiceMatched",
      `An error occurred while executing the state '${visit.name}' (entered at the event id #${visit.entered}). ` +
        "Failed to transition out of the state. The state does not point to a next state.",
    );
  }
  const ending = {
    Next: Default,
    ...shared,
    ...(Output === undefined ? {} : { Output }),
    ...(Assign ? { Assign } : {}),
  };
  return finish(visit, ending, visit.input);
}

export async function runWait(visit: Visit<WaitState>): Promise<Outcome> {
  await visit.thread.pause(visit.language.delay(visit));
  return finish(visit, visit.state, visit.input);
}

/** Ends its branch; it has neither Next nor End. */
export const runSucceed = (visit: Visit<SucceedState>): Outcome => finish(visit, visit.state, visit.input);

export function runFail(visit: Visit<FailState>): never {
  const { language } = visit;
  throw new StateError(language.failure(visit, "Error"), language.failure(visit, "Cause"));
}
