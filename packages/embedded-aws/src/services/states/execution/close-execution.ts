import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import type { Execution, ExecutionStatus } from "../state.ts";
import { countExecution } from "./count-execution.ts";
import { forgetIfDeleted } from "./forget-machine.ts";
import { publishStatus } from "./publish-status.ts";

export interface End {
  readonly status: Exclude<ExecutionStatus, "RUNNING">;
  /** JSON text, where it succeeded. */
  readonly output?: string;
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
}

/** Ends the execution, once: what is still at work in it is interrupted. */
export function closeExecution(
  aws: EmbeddedAws,
  execution: Execution,
  end: End,
  previous = execution.history.last,
): void {
  if (execution.status !== "RUNNING") return;
  Object.assign(execution, end, { stopDate: new Date(aws.clock.now()) });
  recordEnd(execution, end, previous);
  execution.interruption.abort();
  publishStatus(aws, execution);
  countExecution(aws, execution);
  forgetIfDeleted(aws, execution.machine.arn);
}

function recordEnd({ history }: Execution, end: End, previous: number): void {
  const failure = {
    ...(end.error === undefined ? {} : { error: end.error }),
    ...(end.cause === undefined ? {} : { cause: end.cause }),
  };
  const success = { output: end.output, outputDetails: { truncated: false } };
  const details = {
    SUCCEEDED: { executionSucceededEventDetails: success },
    FAILED: { executionFailedEventDetails: failure },
    TIMED_OUT: { executionTimedOutEventDetails: failure },
    ABORTED: { executionAbortedEventDetails: failure },
  }[end.status];
  history.close(endEvents[end.status], details, previous);
}

const endEvents = {
  SUCCEEDED: "ExecutionSucceeded",
  FAILED: "ExecutionFailed",
  TIMED_OUT: "ExecutionTimedOut",
  ABORTED: "ExecutionAborted",
} as const;
