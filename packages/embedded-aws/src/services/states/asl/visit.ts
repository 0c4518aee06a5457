import type { State } from "./definition.ts";
import type { Json, JsonObject } from "./json.ts";
import type { Thread } from "./thread.ts";

/** One stay of a thread in a state; each retry is a visit of its own. */
export interface Visit<S = State> {
  readonly thread: Thread;
  readonly name: string;
  readonly state: S;
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
