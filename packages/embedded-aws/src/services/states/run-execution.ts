import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { publishServiceEvent } from "../events/publish-service-event.ts";
import { recordMetric } from "../monitoring/record-metric.ts";
import type { Json } from "./asl/json.ts";
import { runBranch } from "./asl/run-state.ts";
import { Interrupted, StateError } from "./asl/state-error.ts";
import { type Child, Thread } from "./asl/thread.ts";
import { logEvent } from "./logging.ts";
import {
  accountOf,
  type Execution,
  type ExecutionStatus,
  executionArn,
  expressArn,
  History,
  regionOf,
  type StateMachine,
  statesState,
} from "./state.ts";

/** @param input JSON text */
export function newExecution(
  aws: EmbeddedAws,
  machine: StateMachine,
  arn: string,
  name: string,
  input: string,
): Execution {
  return {
    arn,
    name,
    machine,
    input,
    startDate: new Date(aws.clock.now()),
    history: new History(aws.clock, (event) => logEvent(aws, machine, arn, event)),
    interruption: new AbortController(),
    dice: 0,
    status: "RUNNING",
  };
}

/** Runs the execution to its end, which never rejects; its history and status show its progress. */
export function runExecution(aws: EmbeddedAws, execution: Execution): Promise<void> {
  const { input, machine } = execution;
  const details = { input, inputDetails: { truncated: false }, roleArn: machine.roleArn };
  execution.history.record("ExecutionStarted", { executionStartedEventDetails: details }, 0);
  publishStatus(aws, execution);
  countExecution(aws, execution);
  return toTheEnd(aws, execution);
}

async function runAsChild(aws: EmbeddedAws, { machine, mapRunArn, input, signal }: Child): Promise<Execution> {
  const name = aws.uuid();
  const isExpress = machine.type === "EXPRESS";
  const arn = isExpress ? expressArn(machine.arn, name, aws.uuid()) : executionArn(machine.arn, name);
  const execution = { ...newExecution(aws, machine, arn, name, input), mapRunArn };
  if (!isExpress) aws.state(statesState, accountOf(arn), regionOf(arn)).executions.set(arn, execution);
  const stop = () => closeExecution(aws, execution, { status: "ABORTED" });
  signal.addEventListener("abort", stop, { once: true });
  await runExecution(aws, execution);
  signal.removeEventListener("abort", stop);
  return execution;
}

/** Developer Guide, "Choosing workflow type in Step Functions". */
const MAX_EXPRESS_SECONDS = 300;

async function toTheEnd(aws: EmbeddedAws, execution: Execution): Promise<void> {
  const { machine, interruption } = execution;
  const runChild = (child: Child) => runAsChild(aws, child);
  const thread = new Thread({ aws, machine, execution, runBranch, runChild }, interruption.signal);
  const { TimeoutSeconds = Number.POSITIVE_INFINITY } = machine.parsed;
  const seconds = Math.min(TimeoutSeconds, machine.type === "EXPRESS" ? MAX_EXPRESS_SECONDS : TimeoutSeconds);
  const timeOut = () => closeExecution(aws, execution, { status: "TIMED_OUT" });
  const cancel = Number.isFinite(seconds) ? aws.clock.after(seconds * 1_000, timeOut) : undefined;
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

/** Anything but a state's own failure is a bug of the interpreter: it ends the execution, and is written to stderr. */
function explain(execution: Execution, failure: unknown): { error: string | undefined; cause: string | undefined } {
  if (failure instanceof StateError) return { error: failure.error, cause: failure.explanation };
  console.error(`The embedded Step Functions failed in ${execution.arn}:`, failure);
  return { error: "States.Runtime", cause: `The embedded Step Functions failed: ${String(failure)}` };
}

interface End {
  readonly status: Exclude<ExecutionStatus, "RUNNING">;
  /** JSON text, if it succeeded. */
  readonly output?: string;
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
}

/** Ends the execution, once, and interrupts work in progress. */
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

/**
 * "Step Functions Execution Status Change" on the default bus, of Standard machines (Developer Guide, "Step Functions
 * event notifications").
 */
function publishStatus(aws: EmbeddedAws, execution: Execution): void {
  if (execution.machine.type === "EXPRESS") return;
  const { arn, machine, name, status, startDate, stopDate, input, output, error, cause } = execution;
  publishServiceEvent(aws, {
    account: accountOf(arn),
    region: regionOf(arn),
    source: "aws.states",
    "detail-type": "Step Functions Execution Status Change",
    resources: [arn],
    detail: {
      executionArn: arn,
      stateMachineArn: machine.arn,
      stateMachineVersionArn: null,
      stateMachineAliasArn: null,
      name,
      status,
      startDate: startDate.getTime(),
      stopDate: stopDate?.getTime() ?? null,
      input,
      inputDetails: { included: true },
      output: output ?? null,
      outputDetails: output === undefined ? null : { included: true },
      error: error ?? null,
      cause: cause ?? null,
      redriveCount: 0,
      redriveDate: null,
    },
  });
}

const metricNames = {
  RUNNING: "ExecutionsStarted",
  SUCCEEDED: "ExecutionsSucceeded",
  FAILED: "ExecutionsFailed",
  TIMED_OUT: "ExecutionsTimedOut",
  ABORTED: "ExecutionsAborted",
} as const;

/** Namespace `AWS/States`, by machine (Developer Guide, "Monitoring Step Functions metrics using CloudWatch"). */
function countExecution(aws: EmbeddedAws, { arn, status, machine }: Execution): void {
  recordMetric(aws, accountOf(arn), regionOf(arn), {
    namespace: "AWS/States",
    metricName: metricNames[status],
    dimensions: { StateMachineArn: machine.arn },
    value: 1,
  });
}

/** A deleted state machine is removed with its executions, also those of Map Runs, when the last of them has ended. */
export function forgetIfDeleted(aws: EmbeddedAws, machineArn: string): void {
  const { machines, executions } = aws.state(statesState, accountOf(machineArn), regionOf(machineArn));
  if (!machines.get(machineArn)?.deleting) return;
  const own = [...executions.values()].filter(({ machine }) => machine.arn.replace(/\/.*/, "") === machineArn);
  if (own.some(({ status }) => status === "RUNNING")) return;
  machines.delete(machineArn);
  for (const { arn } of own) executions.delete(arn);
}
