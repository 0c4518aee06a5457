import type * as Sdk from "@aws-sdk/client-sfn";
import { AwsError, type Call, type Operations } from "../../engine/operation.ts";
import { logEvent } from "./logging.ts";
import { closeExecution, runExecution } from "./run-execution.ts";
import {
  checkName,
  type Execution,
  executionArn,
  findExecution,
  findMachine,
  History,
  rememberedExecution,
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

export const operations = {
  /** While it runs, the same name and input is the same execution; otherwise a name is reserved for 90 days. */
  StartExecution: {
    authorize: ({ stateMachineArn }) => [{ resources: [stateMachineArn ?? "*"] }],
    run(input, call) {
      const machine = findMachine(call, input.stateMachineArn);
      if (machine.deleting) {
        throw new AwsError("StateMachineDeleting", `State machine is being deleted: '${machine.arn}'`);
      }
      const name = input.name === undefined ? call.aws.uuid() : checkName(input.name);
      const text = checkInput(input.input ?? "{}");
      const arn = executionArn(machine.arn, name);
      const existing = rememberedExecution(call, arn);
      if (existing) return again(existing, text);
      const execution: Execution = {
        arn,
        name,
        machine,
        input: text,
        startDate: new Date(call.aws.clock.now()),
        history: new History(call.aws.clock, (event) => logEvent(call.aws, machine, arn, event)),
        interruption: new AbortController(),
        dice: 0,
        status: "RUNNING",
      };
      statesOf(call).executions.set(arn, execution);
      runExecution(call.aws, execution);
      return { executionArn: arn, startDate: execution.startDate };
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
    authorize: ({ stateMachineArn }) => [{ resources: [stateMachineArn ?? "*"] }],
    run({ stateMachineArn, mapRunArn, redriveFilter, statusFilter }, call) {
      if (mapRunArn !== undefined || redriveFilter !== undefined) {
        const which = mapRunArn !== undefined ? "mapRunArn" : "redriveFilter";
        throw new AwsError("NotImplemented", `states:ListExecutions by ${which} is not built in the embedded AWS`);
      }
      const machine = findMachine(call, stateMachineArn);
      const own = [...statesOf(call).executions.values()].filter(
        (one) =>
          one.machine.arn === machine.arn &&
          (statusFilter === undefined || one.status === statusFilter) &&
          rememberedExecution(call, one.arn),
      );
      return {
        executions: own.reverse().map((one) => ({
          executionArn: one.arn,
          stateMachineArn: machine.arn,
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
