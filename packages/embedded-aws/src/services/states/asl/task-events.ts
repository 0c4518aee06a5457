import type { Integration } from "../integrations/task-call.ts";
import type { Json } from "./json.ts";
import type { StateError } from "./state-error.ts";
import type { Thread } from "./thread.ts";

/** A Task's history events: Task events, or LambdaFunction events if the Resource is a function's ARN. */
export class TaskEvents {
  readonly #thread: Thread;
  readonly #target: { resource: string; resourceType: string };
  readonly #functionArn: string | undefined;

  constructor(thread: Thread, { resource, resourceType, functionArn }: Integration) {
    this.#thread = thread;
    this.#target = { resource, resourceType };
    this.#functionArn = functionArn;
  }

  scheduled(parameters: Json, region: string, times: { timeoutInSeconds?: number; heartbeatInSeconds?: number }): void {
    const text = JSON.stringify(parameters);
    if (this.#functionArn === undefined) {
      const details = { ...this.#target, region, parameters: text, ...times };
      this.#thread.record("TaskScheduled", { taskScheduledEventDetails: details });
      this.#thread.record("TaskStarted", { taskStartedEventDetails: this.#target });
      return;
    }
    const { heartbeatInSeconds: _, ...timeout } = times;
    const details = { resource: this.#functionArn, input: text, inputDetails: { truncated: false }, ...timeout };
    this.#thread.record("LambdaFunctionScheduled", { lambdaFunctionScheduledEventDetails: details });
    this.#thread.record("LambdaFunctionStarted");
  }

  submitted(output: Json): void {
    this.#thread.record("TaskSubmitted", { taskSubmittedEventDetails: { ...this.#target, ...told(output) } });
  }

  succeeded(output: Json): void {
    if (this.#functionArn === undefined) {
      this.#thread.record("TaskSucceeded", { taskSucceededEventDetails: { ...this.#target, ...told(output) } });
    } else {
      this.#thread.record("LambdaFunctionSucceeded", { lambdaFunctionSucceededEventDetails: told(output) });
    }
  }

  failed({ error, explanation }: StateError): void {
    const failure = {
      ...(error === undefined ? {} : { error }),
      ...(explanation === undefined ? {} : { cause: explanation }),
    };
    const timedOut = error === "States.Timeout";
    if (this.#functionArn === undefined) {
      const details = { ...this.#target, ...failure };
      if (timedOut) this.#thread.record("TaskTimedOut", { taskTimedOutEventDetails: details });
      else this.#thread.record("TaskFailed", { taskFailedEventDetails: details });
    } else if (timedOut) {
      this.#thread.record("LambdaFunctionTimedOut", { lambdaFunctionTimedOutEventDetails: failure });
    } else {
      this.#thread.record("LambdaFunctionFailed", { lambdaFunctionFailedEventDetails: failure });
    }
  }
}

const told = (output: Json) => ({ output: JSON.stringify(output), outputDetails: { truncated: false } });
