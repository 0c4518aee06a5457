import type { HistoryEventType } from "@aws-sdk/client-sfn";
import { runMap, runParallel } from "./branching-states.ts";
import {
  type Branch,
  type ChoiceState,
  catchersOf,
  type FailState,
  type PassState,
  type Retrier,
  retriersOf,
  type State,
  type SucceedState,
  type WaitState,
} from "./definition.ts";
import { finish } from "./finish.ts";
import type { Json, JsonObject } from "./json.ts";
import { jsonata } from "./jsonata-language.ts";
import { jsonpath } from "./jsonpath-language.ts";
import { chance } from "./service-functions.ts";
import { Interrupted, namesError, StateError } from "./state-error.ts";
import { runTask } from "./task-state.ts";
import type { Thread } from "./thread.ts";
import type { Outcome, QueryLanguage, Visit } from "./visit.ts";

/** One state from entry to exit, with its retries and catchers. Throws StateError if none catches. */
async function runState(thread: Thread, name: string, state: State, input: Json): Promise<Outcome> {
  thread.check();
  thread.stateType = state.Type;
  const language = languageOf(thread, state);
  const { aws, execution } = thread.run;
  const before = thread.last;
  const entered = thread.record(`${state.Type}StateEntered`, {
    stateEnteredEventDetails: { name, input: JSON.stringify(input), inputDetails: { truncated: false } },
  });
  const enteredTime = new Date(aws.clock.now()).toISOString();
  const retries = new Retries(retriersOf(state), `${execution.arn} ${entered}`);
  for (let retryCount = 0; ; retryCount++) {
    const visit: Visit = {
      thread,
      name,
      state,
      language,
      entry: input,
      input,
      entered,
      before,
      enteredTime,
      retryCount,
    };
    try {
      return leave(visit, await run({ ...visit, input: language.input(visit) }));
    } catch (failure) {
      if (failure instanceof Interrupted) noteAborted(visit);
      if (!(failure instanceof StateError)) throw failure;
      const delay = retries.delayAfter(failure);
      if (delay === undefined) return leave(visit, caught(visit, failure));
      await thread.pause(delay);
    }
  }
}

/** The state's own, or the machine's: states inside Map and Parallel do not inherit from these. */
function languageOf({ run }: Thread, { QueryLanguage = run.machine.parsed.QueryLanguage }: State): QueryLanguage {
  return QueryLanguage === "JSONata" ? jsonata : jsonpath;
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
  // AWS records no MapStateFailed if a field fails between the start of the Map and that of its first iteration.
  const last = thread.run.execution.history.events[thread.last - 1]?.type;
  const began = thread.last !== visit.entered && last !== "MapStateStarted";
  if (began && (state.Type === "Map" || state.Type === "Parallel")) thread.record(`${state.Type}StateFailed`);
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

/** From StartAt to the end; answers the last state's output. */
export async function runBranch(thread: Thread, branch: Branch, input: Json): Promise<Json> {
  let name: string | undefined = branch.StartAt;
  let value = input;
  while (name !== undefined) {
    const state = branch.States[name];
    if (!state) throw new Error(`no state '${name}': validation should have refused this definition`);
    const outcome = await runState(thread, name, state, value);
    value = outcome.output;
    name = outcome.next;
  }
  return value;
}

/** A state's Retry field: each retrier counts its own attempts. */
class Retries {
  readonly #retriers: readonly Retrier[];
  readonly #used = new Map<Retrier, number>();
  readonly #seed: string;

  /** @param seed determines the jitter, so that the same run waits the same time */
  constructor(retriers: readonly Retrier[], seed: string) {
    this.#retriers = retriers;
    this.#seed = seed;
  }

  /** Milliseconds until the next attempt; undefined if there is none. */
  delayAfter(failure: StateError): number | undefined {
    const retrier = this.#retriers.find(({ ErrorEquals }) => namesError(ErrorEquals, failure));
    if (!retrier) return undefined;
    const {
      IntervalSeconds = 1,
      MaxAttempts = 3,
      BackoffRate = 2,
      MaxDelaySeconds = Number.POSITIVE_INFINITY,
    } = retrier;
    const used = this.#used.get(retrier) ?? 0;
    if (used >= MaxAttempts) return undefined;
    this.#used.set(retrier, used + 1);
    const delay = Math.min(IntervalSeconds * BackoffRate ** used, MaxDelaySeconds) * 1_000;
    return retrier.JitterStrategy === "FULL" ? delay * chance(`${this.#seed} ${used}`) : delay;
  }
}

const runPass = (visit: Visit<PassState>): Outcome => finish(visit, visit.state, visit.language.passed(visit));

/** Uses the first rule whose Condition is true, with its own Output and Assign; the state's are only for Default. */
function runChoice(visit: Visit<ChoiceState>): Outcome {
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

async function runWait(visit: Visit<WaitState>): Promise<Outcome> {
  await visit.thread.pause(visit.language.delay(visit));
  return finish(visit, visit.state, visit.input);
}

/** Ends its branch; it has neither Next nor End. */
const runSucceed = (visit: Visit<SucceedState>): Outcome => finish(visit, visit.state, visit.input);

function runFail(visit: Visit<FailState>): never {
  const { language } = visit;
  throw new StateError(language.failure(visit, "Error"), language.failure(visit, "Cause"));
}
