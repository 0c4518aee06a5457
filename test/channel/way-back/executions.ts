import { ExecutionDoesNotExist, TaskDoesNotExist } from "@aws-sdk/client-sfn";
import type { VirtualClock } from "embedded-aws";

/** Stopped externally: it does not continue, and undoes nothing. */
export class Stopped extends Error {
  override readonly name = "Stopped";
}

interface Verdict {
  readonly verdict: string;
}

/** A promotion that is under way. */
export class Execution {
  readonly #clock: VirtualClock;
  readonly #executions: Executions;
  readonly #arn: string;
  readonly #stop = Promise.withResolvers<undefined>();
  #stopped = false;

  constructor(executions: Executions, arn: string, clock: VirtualClock) {
    this.#executions = executions;
    this.#arn = arn;
    this.#clock = clock;
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  stop(): void {
    this.#stopped = true;
    this.#stop.resolve(undefined);
  }

  /** @throws Stopped */
  requireRunning(): void {
    if (this.#stopped) throw new Stopped();
  }

  /** The answer to a token; `undefined` after a number of seconds without one. @throws Stopped */
  async answerTo(token: string, seconds: number): Promise<Verdict | undefined> {
    const over = Promise.withResolvers<undefined>();
    this.#clock.after(seconds * 1000, () => over.resolve(undefined));
    const answer = await Promise.race([this.#executions.answerTo(token), over.promise, this.#stop.promise]);
    this.#executions.forget(token);
    this.requireRunning();
    return answer;
  }

  end(): void {
    this.#executions.ended(this.#arn, this);
  }
}

/** The part of Step Functions that promotions use: named executions that can be stopped, and tokens that work once. */
export class Executions {
  readonly #clock: VirtualClock;
  readonly #running = new Map<string, Execution>();
  readonly #tokens = new Map<string, PromiseWithResolvers<Verdict>>();
  #given = 0;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  clear(): void {
    this.#running.clear();
    this.#tokens.clear();
  }

  /** Undefined if one with that name is running. */
  begin(arn: string): Execution | undefined {
    if (this.#running.has(arn)) return undefined;
    const execution = new Execution(this, arn, this.#clock);
    this.#running.set(arn, execution);
    return execution;
  }

  ended(arn: string, execution: Execution): void {
    if (this.#running.get(arn) === execution) this.#running.delete(arn);
  }

  newToken(): string {
    const token = `token-${++this.#given}`;
    this.#tokens.set(token, Promise.withResolvers());
    return token;
  }

  answerTo(token: string): Promise<Verdict> | undefined {
    return this.#tokens.get(token)?.promise;
  }

  forget(token: string): void {
    this.#tokens.delete(token);
  }

  /** `StopExecution` and `SendTaskSuccess`. @throws ExecutionDoesNotExist, TaskDoesNotExist as the SDK does */
  call(operation: string, input: object): object {
    const { executionArn = "", taskToken = "", output = "" } = input as Record<string, string | undefined>;
    const refusal = { message: `${operation} finds nothing`, $metadata: {} };
    if (operation === "StopExecution") {
      const execution = this.#running.get(executionArn);
      if (!execution) throw new ExecutionDoesNotExist(refusal);
      this.#running.delete(executionArn);
      execution.stop();
    } else {
      const waiting = this.#tokens.get(taskToken);
      if (!waiting) throw new TaskDoesNotExist(refusal);
      waiting.resolve(JSON.parse(output) as Verdict);
    }
    return {};
  }
}
