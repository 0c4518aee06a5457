import { accountOf, regionOf } from "../arns.ts";
import { type StatesState, statesState, type WaitingTask } from "../state.ts";
import type { Json } from "./json.ts";
import { StateError } from "./state-error.ts";
import type { Thread } from "./thread.ts";

/** `.waitForTaskToken`: the token, and the answer that somebody gives for it. Known before the service is called. */
export class TaskToken implements WaitingTask {
  readonly text: string;
  readonly #thread: Thread;
  readonly #tokens: StatesState["tokens"];
  readonly #answered = Promise.withResolvers<Json>();
  #heartbeatSeconds: number | undefined;
  #cancel = () => {};

  constructor(thread: Thread) {
    const { aws, execution } = thread.run;
    this.#thread = thread;
    this.#tokens = aws.state(statesState, accountOf(execution.arn), regionOf(execution.arn)).tokens;
    this.text = Buffer.from(`${execution.arn} ${aws.uuid()} ${aws.uuid()}`).toString("base64");
    this.#tokens.set(this.text, this);
    this.#answered.promise.catch(() => {});
  }

  /** The answer; States.Timeout (also known as States.HeartbeatTimeout) when no heartbeat comes for that long. */
  answer(heartbeatSeconds: number | undefined): Promise<Json> {
    this.#heartbeatSeconds = heartbeatSeconds;
    this.heartbeat();
    return this.#answered.promise;
  }

  succeed(output: string): void {
    this.retire();
    this.#answered.resolve(JSON.parse(output) as Json);
  }

  fail(error: string | undefined, cause: string | undefined): void {
    this.retire();
    this.#answered.reject(new StateError(error, cause));
  }

  heartbeat(): void {
    this.#cancel();
    if (this.#heartbeatSeconds === undefined) return;
    const miss = () => this.#answered.reject(new StateError("States.Timeout", undefined, "States.HeartbeatTimeout"));
    this.#cancel = this.#thread.run.aws.clock.after(this.#heartbeatSeconds * 1_000, miss);
  }

  retire(): void {
    this.#cancel();
    this.#tokens.set(this.text, undefined);
  }
}
