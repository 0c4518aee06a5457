import type {
  ChoiceState,
  Ending,
  FailState,
  MapState,
  ParallelState,
  PassState,
  State,
  TaskState,
  WaitState,
} from "./definition.ts";
import type { Json, JsonObject } from "./json.ts";
import type { MapItem, Thread } from "./thread.ts";

/** One run of a state by a thread; each retry is a separate visit. */
export interface Visit<S = State> {
  readonly thread: Thread;
  readonly name: string;
  readonly state: S;
  readonly language: QueryLanguage;
  /** The state's raw input. */
  readonly entry: Json;
  /** The effective input; in JSONPath `InputPath` can make it differ from `entry`. */
  readonly input: Json;
  /** Id of the StateEntered event, and of the event before it. */
  readonly entered: number;
  readonly before: number;
  readonly enteredTime: string;
  readonly retryCount: number;
}

/** A state's result: the next state, the output, and changed variables. */
export interface Outcome {
  readonly output: Json;
  readonly assigned: JsonObject;
  /** Undefined at the end of the branch. */
  readonly next: string | undefined;
}

/** What an expression can read besides the state's input and the variables, at this point of the state. */
export interface Moment {
  readonly result?: Json;
  readonly errorOutput?: JsonObject;
  readonly taskToken?: string;
  readonly mapItem?: MapItem;
}

/** How many items of a distributed Map may fail. */
export interface Tolerance {
  readonly count: number | undefined;
  /** From 0 to 100. */
  readonly percentage: number | undefined;
}

/**
 * How a state's fields get their values. A state's work, retries, catchers and events are the same in JSONata and
 * JSONPath. Every method throws StateError if a field cannot be evaluated.
 */
export interface QueryLanguage {
  /** The effective input, from the raw one. */
  input(visit: Visit): Json;
  passed(visit: Visit<PassState>): Json;
  /** `Arguments` or `Parameters`; without either the input. */
  parameters(visit: Visit<TaskState | ParallelState>, at?: Moment): Json;
  /** `TimeoutSeconds` or `HeartbeatSeconds` */
  seconds(visit: Visit<TaskState>, field: "TimeoutSeconds" | "HeartbeatSeconds"): number | undefined;
  /** `Credentials`: the role that the task assumes. */
  role(visit: Visit<TaskState>): string | undefined;
  /** The first rule that is true. */
  choose(visit: Visit<ChoiceState>): Ending | undefined;
  /** Milliseconds. */
  delay(visit: Visit<WaitState>): number;
  failure(visit: Visit<FailState>, field: "Error" | "Cause"): string | undefined;
  items(visit: Visit<MapState>): readonly Json[];
  concurrency(visit: Visit<MapState>): number | undefined;
  tolerated(visit: Visit<MapState>): Tolerance;
  itemInput(visit: Visit<MapState>, mapItem: MapItem): Json;
  /** The output of a state, a Choice rule or a Catcher, from its result. */
  output(visit: Visit, ending: Ending, result: Json, at: Moment): { output: Json; assigned: JsonObject };
}
