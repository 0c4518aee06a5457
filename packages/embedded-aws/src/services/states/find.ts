import { AwsError } from "../../engine/aws-error.ts";
import type { Call } from "../../engine/operation.ts";
import { accountOf, checkArn, regionOf } from "./arns.ts";
import { type Execution, type StateMachine, type StatesState, statesState } from "./state.ts";

/** Closed executions are forgotten, and their names free again, after 90 days. */
const MEMORY = 90 * 24 * 3_600_000;

export const statesOf = (call: Call): StatesState => call.aws.state(statesState, call.account, call.region);

/** Throws StateMachineDoesNotExist. */
export function findMachine(call: Call, arn: string | undefined): StateMachine {
  const machine = statesOf(call).machines.get(checkArn(arn, "stateMachine"));
  if (machine) return machine;
  throw new AwsError("StateMachineDoesNotExist", `State Machine Does Not Exist: '${arn}'`);
}

/** Throws ExecutionDoesNotExist. */
export function findExecution(call: Call, arn: string | undefined): Execution {
  const execution = rememberedExecution(call, checkArn(arn, "execution"));
  if (execution) return execution;
  throw new AwsError("ExecutionDoesNotExist", `Execution Does Not Exist: '${arn}'`);
}

/** Throws ResourceNotFound. */
export function findTagged(call: Call, arn: string | undefined): StateMachine {
  const machine = statesOf(call).machines.get(arn ?? "");
  if (machine) return machine;
  throw new AwsError("ResourceNotFound", `Resource not found: '${arn}'`);
}

export function rememberedExecution(call: Call, arn: string): Execution | undefined {
  const { executions } = call.aws.state(statesState, accountOf(arn), regionOf(arn));
  const execution = accountOf(arn) === call.account && regionOf(arn) === call.region ? executions.get(arn) : undefined;
  if (!execution?.stopDate || execution.stopDate.getTime() + MEMORY > call.aws.clock.now()) return execution;
  executions.delete(arn);
  return undefined;
}
