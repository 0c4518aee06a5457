import type { HistoryEventType } from "@aws-sdk/client-sfn";
import { runChoice } from "./choice-state.ts";
import { catchersOf, retriersOf, type State } from "./definition.ts";
import { runFail } from "./fail-state.ts";
import { finish } from "./finish.ts";
import type { Json, JsonObject } from "./json.ts";
import { runMap } from "./map-state.ts";
import { runParallel } from "./parallel-state.ts";
import { runPass } from "./pass-state.ts";
import { Retries } from "./retries.ts";
import { Interrupted, namesError, StateError } from "./state-error.ts";
import { runSucceed } from "./succeed-state.ts";
import { runTask } from "./task-state.ts";
import type { Thread } from "./thread.ts";
import type { Outcome, Visit } from "./visit.ts";
import { runWait } from "./wait-state.ts";

/** One state from entry to exit, with its retries and catchers. Throws StateError when nothing catches. */
export async function runState(thread: Thread, name: string, state: State, input: Json): Promise<Outcome> {
  thread.check();
  thread.stateType = state.Type;
  const { aws, execution } = thread.run;
  const before = thread.last;
  const entered = thread.record(`${state.Type}StateEntered`, {
    stateEnteredEventDetails: { name, input: JSON.stringify(input), inputDetails: { truncated: false } },
  });
  const enteredTime = new Date(aws.clock.now()).toISOString();
  const retries = new Retries(retriersOf(state), `${execution.arn} ${entered}`);
  for (let retryCount = 0; ; retryCount++) {
    const visit: Visit = { thread, name, state, input, entered, before, enteredTime, retryCount };
    try {
      return leave(visit, await run(visit));
    } catch (failure) {
      if (failure instanceof Interrupted) noteAborted(visit);
      if (!(failure instanceof StateError)) throw failure;
      const delay = retries.delayAfter(failure);
      if (delay === undefined) return leave(visit, caught(visit, failure));
      await thread.pause(delay);
    }
  }
}

function run(visit: Visit): Outcome | Promise<Outcome> {
  const { state } = visit;
  switch (state.Type) {
    case "Pass":
      return runPass({ ...visit, state });
    case "Task":
      return runTask({ ...visit, state });
    case "Choice":
      return runChoice({ ...visit, state });
    case "Wait":
      return runWait({ ...visit, state });
    case "Succeed":
      return runSucceed({ ...visit, state });
    case "Fail":
      return runFail({ ...visit, state });
    case "Parallel":
      return runParallel({ ...visit, state });
    case "Map":
      return runMap({ ...visit, state });
  }
}

function caught(visit: Visit, failure: StateError): Outcome {
  const { state, thread } = visit;
  if (state.Type === "Map" || state.Type === "Parallel") thread.record(`${state.Type}StateFailed`);
  const catcher = catchersOf(state).find(({ ErrorEquals }) => namesError(ErrorEquals, failure));
  if (!catcher) throw failure;
  const errorOutput: JsonObject = { Error: failure.error ?? null, Cause: failure.explanation ?? null };
  return finish(visit, catcher, errorOutput, { errorOutput });
}

function leave(visit: Visit, outcome: Outcome): Outcome {
  const { thread, name, state } = visit;
  const assigned = Object.entries(outcome.assigned);
  thread.record(`${state.Type}StateExited` as HistoryEventType, {
    stateExitedEventDetails: {
      name,
      output: JSON.stringify(outcome.output),
      outputDetails: { truncated: false },
      ...(assigned.length > 0 && {
        assignedVariables: Object.fromEntries(assigned.map(([key, value]) => [key, JSON.stringify(value)])),
        assignedVariablesDetails: { truncated: false },
      }),
    },
  });
  thread.variables.assign(outcome.assigned);
  return outcome;
}

function noteAborted({ thread, state }: Visit): void {
  const { Type } = state;
  if (Type === "Task" || Type === "Wait" || Type === "Map" || Type === "Parallel") thread.note(`${Type}StateAborted`);
}
