import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import type { Json } from "../asl/json.ts";
import { runBranch } from "../asl/run-branch.ts";
import { Interrupted, StateError } from "../asl/state-error.ts";
import { Thread } from "../asl/thread.ts";
import type { Execution } from "../state.ts";
import { closeExecution } from "./close-execution.ts";
import { countExecution } from "./count-execution.ts";
import { publishStatus } from "./publish-status.ts";

/** Starts the execution in the background; its history and its status show how it goes. */
export function runExecution(aws: EmbeddedAws, execution: Execution): void {
  const { input, machine } = execution;
  const details = { input, inputDetails: { truncated: false }, roleArn: machine.roleArn };
  execution.history.record("ExecutionStarted", { executionStartedEventDetails: details }, 0);
  publishStatus(aws, execution);
  countExecution(aws, execution);
  void toTheEnd(aws, execution);
}

async function toTheEnd(aws: EmbeddedAws, execution: Execution): Promise<void> {
  const { machine, interruption } = execution;
  const thread = new Thread({ aws, machine, execution, runBranch }, interruption.signal);
  const seconds = machine.parsed.TimeoutSeconds;
  const timeOut = () => closeExecution(aws, execution, { status: "TIMED_OUT", error: "States.Timeout" });
  const cancel = seconds === undefined ? undefined : aws.clock.after(seconds * 1_000, timeOut);
  try {
    const output = await runBranch(thread, machine.parsed, JSON.parse(execution.input) as Json);
    closeExecution(aws, execution, { status: "SUCCEEDED", output: JSON.stringify(output) }, thread.last);
  } catch (failure) {
    if (failure instanceof Interrupted) return;
    closeExecution(aws, execution, { status: "FAILED", ...explain(execution, failure) }, thread.last);
  } finally {
    cancel?.();
  }
}

/** Anything but a state's own failure is a fault of the interpreter: it ends the execution, and it is said aloud. */
function explain(execution: Execution, failure: unknown): { error: string | undefined; cause: string | undefined } {
  if (failure instanceof StateError) return { error: failure.error, cause: failure.explanation };
  console.error(`The embedded Step Functions failed in ${execution.arn}:`, failure);
  return { error: "States.Runtime", cause: `The embedded Step Functions failed: ${String(failure)}` };
}
