import { StateError } from "./state-error.ts";
import type { Thread } from "./thread.ts";

/** TimeoutSeconds of one attempt of a Task. What the service answers later is nobody's business any more. */
export class TaskDeadline {
  readonly #thread: Thread;
  readonly #passed = Promise.withResolvers<never>();
  readonly #cancel: () => void;

  constructor(thread: Thread, seconds: number | undefined) {
    this.#thread = thread;
    // Nobody may be waiting at the moment it passes.
    this.#passed.promise.catch(() => {});
    const pass = () => this.#passed.reject(new StateError("States.Timeout", undefined));
    this.#cancel = seconds === undefined ? () => {} : thread.run.aws.clock.after(seconds * 1_000, pass);
  }

  before<T>(work: Promise<T>): Promise<T> {
    return this.#thread.unlessInterrupted(Promise.race([work, this.#passed.promise]));
  }

  cancel(): void {
    this.#cancel();
  }
}
