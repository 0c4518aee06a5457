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

/** One stay of a thread in a state; each retry is a visit of its own. */
export interface Visit<S = State> {
  readonly thread: Thread;
  readonly name: string;
  readonly state: S;
  readonly language: QueryLanguage;
  /** What the state was entered with. */
  readonly entry: Json;
  /** What it works on; in JSONPath `InputPath` can make it differ from `entry`. */
  readonly input: Json;
  /** Id of the StateEntered event, and of the event before it. */
  readonly entered: number;
  readonly before: number;
  readonly enteredTime: string;
  readonly retryCount: number;
}

/** What a state came to: where the thread goes, with what, and which variables change. */
export interface Outcome {
  readonly output: Json;
  readonly assigned: JsonObject;
  /** Undefined at the end of the branch. */
  readonly next: string | undefined;
}

/** What an expression can read beside the state's input and the variables, at this moment of the state. */
export interface Moment {
  readonly result?: Json;
  readonly errorOutput?: JsonObject;
  readonly taskToken?: string;
  readonly mapItem?: MapItem;
}

/**
 * How the fields of a state get their values. What a state does, its retries, catchers and events are the same in
 * JSONata and JSONPath. Every method throws StateError where a field cannot be evaluated.
 */
export interface QueryLanguage {
  /** What the state works on, made from what it was entered with. */
  input(visit: Visit): Json;
  passed(visit: Visit<PassState>): Json;
  /** `Arguments` or `Parameters`; the input where the state has neither. */
  parameters(visit: Visit<TaskState | ParallelState>, at?: Moment): Json;
  /** `TimeoutSeconds` or `HeartbeatSeconds` */
  seconds(visit: Visit<TaskState>, field: "TimeoutSeconds" | "HeartbeatSeconds"): number | undefined;
  /** `Credentials`: the role that the task assumes. */
  role(visit: Visit<TaskState>): string | undefined;
  /** The first rule that holds. */
  choose(visit: Visit<ChoiceState>): Ending | undefined;
  /** Milliseconds. */
  delay(visit: Visit<WaitState>): number;
  failure(visit: Visit<FailState>, field: "Error" | "Cause"): string | undefined;
  items(visit: Visit<MapState>): readonly Json[];
  concurrency(visit: Visit<MapState>): number | undefined;
  itemInput(visit: Visit<MapState>, mapItem: MapItem): Json;
  /** What leaves a state, a Choice rule or a Catcher, made from its result. */
  output(visit: Visit, ending: Ending, result: Json, at: Moment): { output: Json; assigned: JsonObject };
}
