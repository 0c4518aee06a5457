import type * as Sdk from "@aws-sdk/client-sfn";
import { AwsError, type Call, type Operations } from "../../engine/operation.ts";
import { closeExecution, newExecution, runExecution } from "./run-execution.ts";
import {
  checkName,
  type Execution,
  executionArn,
  expressArn,
  findExecution,
  findMachine,
  rememberedExecution,
  type StateMachine,
  settingsOf,
  statesOf,
  type WaitingTask,
} from "./state.ts";

function again(execution: Execution, input: string) {
  if (execution.status === "RUNNING" && execution.input === input) {
    return { executionArn: execution.arn, startDate: execution.startDate };
  }
  throw new AwsError("ExecutionAlreadyExists", `Execution Already Exists: '${execution.arn}'`);
}

function checkInput(text: string): string {
  try {
    JSON.parse(text);
  } catch (cause) {
    const why = `Invalid State Machine Execution Input: '${(cause as Error).message}'`;
    throw new AwsError("InvalidExecutionInput", why, { cause });
  }
  if (Buffer.byteLength(text) <= 262_144) return text;
  throw new AwsError(
    "InvalidExecutionInput",
    "Invalid State Machine Execution Input: 'The input exceeds the maximum number of bytes service limit'",
  );
}

const wrongType = (): AwsError =>
  new AwsError("StateMachineTypeNotSupported", "This operation is not supported by this type of state machine");

interface Start {
  readonly stateMachineArn: string | undefined;
  readonly name?: string | undefined;
  readonly input?: string | undefined;
}

function checkStart(start: Start, call: Call): { machine: StateMachine; name: string; text: string } {
  const machine = findMachine(call, start.stateMachineArn);
  if (machine.deleting) {
    throw new AwsError("StateMachineDeleting", `State machine is being deleted: '${machine.arn}'`);
  }
  const name = start.name === undefined ? call.aws.uuid() : checkName(start.name);
  return { machine, name, text: checkInput(start.input ?? "{}") };
}

export const operations = {
  /** While it runs, the same name and input is the same execution; otherwise a name is reserved for 90 days. */
  StartExecution: {
    authorize: ({ stateMachineArn }) => [{ resources: [stateMachineArn ?? "*"] }],
    run(input, call) {
      const { machine, name, text } = checkStart(input, call);
      const isExpress = machine.type === "EXPRESS";
      const arn = isExpress ? expressArn(machine.arn, name, call.aws.uuid()) : executionArn(machine.arn, name);
      const existing = rememberedExecution(call, arn);
      if (existing) return again(existing, text);
      const execution = newExecution(call.aws, machine, arn, name, text);
      if (!isExpress) statesOf(call).executions.set(arn, execution);
      void runExecution(call.aws, execution);
      return { executionArn: arn, startDate: execution.startDate };
    },
  },
  /** Answers when the execution of an Express machine has ended. */
  StartSyncExecution: {
    authorize: ({ stateMachineArn }) => [{ resources: [stateMachineArn ?? "*"] }],
    async run(input, call) {
      const { machine, name, text } = checkStart(input, call);
      if (machine.type !== "EXPRESS") throw wrongType();
      const arn = expressArn(machine.arn, name, call.aws.uuid());
      const execution = newExecution(call.aws, machine, arn, name, text);
      await runExecution(call.aws, execution);
      const { startDate, stopDate = startDate, status, output, error, cause } = execution;
      const whole = input.includedData !== "METADATA_ONLY";
      return {
        executionArn: arn,
        stateMachineArn: machine.arn,
        name,
        startDate,
        stopDate,
        status: status === "SUCCEEDED" || status === "TIMED_OUT" ? status : "FAILED",
        ...(whole && { input: text }),
        inputDetails: { included: whole },
        ...(output !== undefined && { ...(whole && { output }), outputDetails: { included: whole } }),
        ...(error !== undefined && { error }),
        ...(cause !== undefined && { cause }),
        // By AWS's rounding: 100 ms of duration, 64 MB of memory.
        billingDetails: {
          billedDurationInMilliseconds: Math.max(1, Math.ceil((stopDate.getTime() - startDate.getTime()) / 100)) * 100,
          billedMemoryUsedInMB: 64,
        },
      };
    },
  },
  /** Stopping an ended execution has no effect; AWS answers its previous end. */
  StopExecution: {
    authorize: ({ executionArn }) => [{ resources: [executionArn ?? "*"] }],
    run({ executionArn, error, cause }, call) {
      const execution = findExecution(call, executionArn);
      closeExecution(call.aws, execution, { status: "ABORTED", error, cause });
      return { stopDate: execution.stopDate };
    },
  },
  DescribeExecution: {
    authorize: ({ executionArn }) => [{ resources: [executionArn ?? "*"] }],
    run({ executionArn, includedData }, call) {
      const execution = findExecution(call, executionArn);
      const { stopDate, output, error, cause, status } = execution;
      const whole = includedData !== "METADATA_ONLY";
      return {
        executionArn: execution.arn,
        stateMachineArn: execution.machine.arn,
        ...(execution.mapRunArn !== undefined && { mapRunArn: execution.mapRunArn }),
        name: execution.name,
        status,
        startDate: execution.startDate,
        ...(stopDate && { stopDate }),
        ...(whole && { input: execution.input }),
        inputDetails: { included: whole },
        ...(output !== undefined && { ...(whole && { output }), outputDetails: { included: whole } }),
        ...(whole && error !== undefined && { error }),
        ...(whole && cause !== undefined && { cause }),
        redriveCount: 0,
        redriveStatus: "NOT_REDRIVABLE",
        redriveStatusReason: `Execution is ${status} and cannot be redriven`,
      };
    },
  },
  DescribeStateMachineForExecution: {
    authorize: ({ executionArn }) => [{ resources: [executionArn ?? "*"] }],
    run({ executionArn }, call) {
      const { machine } = findExecution(call, executionArn);
      return {
        stateMachineArn: machine.arn,
        name: machine.name,
        definition: machine.definition,
        roleArn: machine.roleArn,
        updateDate: machine.updateDate,
        ...settingsOf(machine),
        revisionId: machine.revisionId,
      };
    },
  },
  /** Newest first. */
  ListExecutions: {
    list: "executions",
    authorize: ({ stateMachineArn, mapRunArn }) => [{ resources: [stateMachineArn ?? mapRunArn ?? "*"] }],
    run({ stateMachineArn, mapRunArn, redriveFilter, statusFilter }, call) {
      if (redriveFilter !== undefined) {
        throw new AwsError("NotImplemented", "states:ListExecutions by redriveFilter is not built in the embedded AWS");
      }
      if (mapRunArn === undefined && findMachine(call, stateMachineArn).type === "EXPRESS") throw wrongType();
      const own = [...statesOf(call).executions.values()].filter(
        (one) =>
          (mapRunArn === undefined ? one.machine.arn === stateMachineArn : one.mapRunArn === mapRunArn) &&
          (statusFilter === undefined || one.status === statusFilter) &&
          rememberedExecution(call, one.arn),
      );
      return {
        executions: own.reverse().map((one) => ({
          executionArn: one.arn,
          stateMachineArn: one.machine.arn,
          ...(one.mapRunArn !== undefined && { mapRunArn: one.mapRunArn, itemCount: 1 }),
          name: one.name,
          status: one.status,
          startDate: one.startDate,
          ...(one.stopDate && { stopDate: one.stopDate }),
          redriveCount: 0,
        })),
      };
    },
  },
  GetExecutionHistory: {
    authorize: ({ executionArn }) => [{ resources: [executionArn ?? "*"] }],
    list: "events",
    run({ executionArn, reverseOrder, includeExecutionData = true }, call) {
      const { events } = findExecution(call, executionArn).history;
      const ordered = reverseOrder ? events.toReversed() : events;
      return { events: includeExecutionData ? ordered : ordered.map(withoutData) };
    },
  },
  /** Answers from the holder of a task token; AWS authorizes them without a resource. */
  SendTaskSuccess: {
    run({ taskToken, output }, call) {
      const task = waitingTask(call, taskToken);
      try {
        JSON.parse(output ?? "");
      } catch (cause) {
        throw new AwsError("InvalidOutput", `Invalid Output: '${(cause as Error).message}'`, { cause });
      }
      task.succeed(output!);
    },
  },
  SendTaskFailure: {
    run({ taskToken, error, cause }, call) {
      waitingTask(call, taskToken).fail(error, cause);
    },
  },
  SendTaskHeartbeat: {
    run({ taskToken }, call) {
      waitingTask(call, taskToken).heartbeat();
    },
  },
} satisfies Operations<typeof Sdk>;

const data = [
  "input",
  "output",
  "inputDetails",
  "outputDetails",
  "parameters",
  "assignedVariables",
  "assignedVariablesDetails",
];

function withoutData(event: Sdk.HistoryEvent): Sdk.HistoryEvent {
  const entries = Object.entries(event).map(([key, value]) => {
    if (!key.endsWith("Details")) return [key, value];
    return [key, Object.fromEntries(Object.entries(value as object).filter(([name]) => !data.includes(name)))];
  });
  return Object.fromEntries(entries) as Sdk.HistoryEvent;
}

function waitingTask(call: Call, token: string | undefined): WaitingTask {
  const { tokens } = statesOf(call);
  const task = tokens.get(token ?? "");
  if (task) return task;
  if (tokens.has(token ?? "")) {
    throw new AwsError("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'");
  }
  throw new AwsError("InvalidToken", "Invalid Token: 'Invalid token'");
}
