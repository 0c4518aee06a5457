import type { ChoiceState } from "./definition.ts";
import { evaluateAs } from "./evaluate.ts";
import { finish } from "./finish.ts";
import { StateError } from "./state-error.ts";
import type { Outcome, Visit } from "./visit.ts";

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
