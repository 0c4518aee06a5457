import type * as Sdk from "@aws-sdk/client-sfn";
import { AwsError } from "../../engine/aws-error.ts";
import type { Operations } from "../../engine/operation.ts";
import { checkName, executionArn } from "./arns.ts";
import { History } from "./execution/history.ts";
import { runExecution } from "./execution/run-execution.ts";
import { findMachine, rememberedExecution, statesOf } from "./find.ts";
import type { Execution } from "./state.ts";

export const operations = {
  /** The same name and input while it runs is the same execution; otherwise a name lives for 90 days. */
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
        history: new History(call.aws.clock),
        interruption: new AbortController(),
        dice: 0,
        status: "RUNNING",
      };
      statesOf(call).executions.set(arn, execution);
      runExecution(call.aws, execution);
      return { executionArn: arn, startDate: execution.startDate };
    },
  },
} satisfies Operations<typeof Sdk>;

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
