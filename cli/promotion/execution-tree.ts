import type { HistoryEvent } from "@aws-sdk/client-sfn";

/** A history event in the HTTP response. */
export type JsonHistoryEvent = Omit<HistoryEvent, "timestamp"> & { readonly timestamp: string };

/** One pass through a state. */
export interface StateRun {
  readonly name: string;
  /** `Task`, `Map`, `Wait`, ... */
  readonly type: string;
  readonly entered: number;
  left: number | undefined;
  /** Attempts of its task. */
  tries: number;
  /** Errors in order; the state may have recovered. */
  readonly errors: string[];
  /** Map: its iterations; Parallel: its branches. */
  readonly branches: Branch[];
  readonly within: Branch;
}

/** A sequence of states: the execution's, an iteration's or a branch's. */
export interface Branch {
  readonly label: string;
  readonly states: StateRun[];
  readonly of: StateRun | undefined;
}

/** Where an event happened: inside a state, or between two states of a branch. */
type Position = StateRun | Branch;

/** Builds the tree of an execution's states from its history: each event names its predecessor. */
export function toTree(history: readonly JsonHistoryEvent[]): Branch {
  const whole: Branch = { label: "", states: [], of: undefined };
  const positions = new Map<number, Position>();
  for (const event of history) {
    const before = positions.get(event.previousEventId ?? 0) ?? whole;
    positions.set(event.id ?? 0, follow(before, event));
  }
  return whole;
}

function follow(at: Position, event: JsonHistoryEvent): Position {
  const type = event.type ?? "";
  const name = event.stateEnteredEventDetails?.name ?? event.stateExitedEventDetails?.name ?? "";
  if (type.endsWith("StateEntered")) return enter(at, event, name);
  if (type.endsWith("StateExited")) return leave(at, event, name);
  if (type === "MapIterationStarted") return iterate(at, event);
  if (/^MapIteration(Succeeded|Failed|Aborted)$/.test(type)) return owner(at) ?? at;
  if (/^(Parallel|Map)StateFailed$/.test(type)) return fail(at, type.startsWith("Map") ? "Map" : "Parallel");
  const run = isRun(at) ? at : at.of;
  if (!run) return at;
  if (/^(Task|LambdaFunction|Activity)Scheduled$/.test(type)) run.tries++;
  const error = errorOf(event);
  // The state itself has already reported an error that fails the execution.
  if (error !== undefined && !(type.startsWith("Execution") && run.errors.at(-1) === error)) run.errors.push(error);
  return at;
}

function enter(at: Position, event: JsonHistoryEvent, name: string): StateRun {
  const within = branchFor(at);
  const run: StateRun = {
    name,
    type: (event.type ?? "").replace("StateEntered", ""),
    entered: Date.parse(event.timestamp),
    left: undefined,
    tries: 0,
    errors: [],
    branches: [],
    within,
  };
  within.states.push(run);
  return run;
}

/** A state entered inside a running Parallel state starts a branch of it. */
function branchFor(at: Position): Branch {
  if (!isRun(at)) return at;
  if (at.type !== "Parallel" || at.left !== undefined) return at.within;
  const branch: Branch = { label: `branch ${at.branches.length + 1}`, states: [], of: at };
  at.branches.push(branch);
  return branch;
}

function leave(at: Position, event: JsonHistoryEvent, name: string): Position {
  const run = around(at, (one) => one.name === name && one.left === undefined);
  if (!run) return at;
  run.left = Date.parse(event.timestamp);
  return run.within;
}

function iterate(at: Position, event: JsonHistoryEvent): Position {
  const map = around(at, ({ type }) => type === "Map");
  if (!map) return at;
  const branch: Branch = { label: `#${event.mapIterationStartedEventDetails?.index ?? 0}`, states: [], of: map };
  map.branches.push(branch);
  return branch;
}

/** The event has no error: it only means that an iteration or branch failed. */
function fail(at: Position, type: "Map" | "Parallel"): Position {
  const run = around(at, (one) => one.type === type && one.left === undefined);
  run?.errors.push(type === "Map" ? "failure of an iteration" : "failure of a branch");
  return run ?? at;
}

/** The nearest enclosing state that fits, including the position itself. */
function around(at: Position, fits: (run: StateRun) => boolean): StateRun | undefined {
  for (let run = isRun(at) ? at : at.of; run; run = run.within.of) if (fits(run)) return run;
  return undefined;
}

/** The Map whose iteration a position is in. */
const owner = (at: Position): StateRun | undefined => (isRun(at) ? at.within.of : at.of);

const isRun = (at: Position): at is StateRun => "within" in at;

/** The error in an event. */
function errorOf(event: JsonHistoryEvent): string | undefined {
  if (!/(Failed|TimedOut)$/.test(event.type ?? "")) return undefined;
  const details = Object.entries(event).find(([key]) => key.endsWith("EventDetails"))?.[1] as { error?: string };
  return details?.error ?? (event.type?.endsWith("TimedOut") ? "States.Timeout" : undefined);
}
