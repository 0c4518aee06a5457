import { AwsError } from "../../engine/aws-error.ts";
import type { Call } from "../../engine/operation.ts";
import { defineState } from "../../engine/state.ts";
import { accountOf, checkArn, regionOf } from "./arns.ts";
import type { Definition } from "./asl/definition.ts";
import type { History } from "./history.ts";
import type { MachineSettings } from "./machine-settings.ts";

export interface StateMachine extends MachineSettings {
  readonly arn: string;
  readonly name: string;
  /** As sent. */
  readonly definition: string;
  readonly parsed: Definition;
  readonly roleArn: string;
  readonly revisionId: string;
  readonly creationDate: Date;
  readonly updateDate: Date;
  readonly deleting: boolean;
  readonly tags: Map<string, string>;
}

const executionStatuses = ["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"] as const;

export type ExecutionStatus = (typeof executionStatuses)[number];

export interface Execution {
  readonly arn: string;
  readonly name: string;
  /** The machine as it was at the start: updates do not affect running executions. */
  readonly machine: StateMachine;
  /** JSON text, as sent. */
  readonly input: string;
  readonly startDate: Date;
  readonly history: History;
  /** Aborted when the execution is stopped or times out. */
  readonly interruption: AbortController;
  /** The number of random numbers used. */
  dice: number;
  status: ExecutionStatus;
  stopDate?: Date;
  output?: string;
  error?: string | undefined;
  cause?: string | undefined;
}

/** A task that waits for `SendTaskSuccess` or `SendTaskFailure`. */
export interface WaitingTask {
  succeed(output: string): void;
  fail(error: string | undefined, cause: string | undefined): void;
  heartbeat(): void;
}

/** State machines, executions and task tokens of one account and region, by ARN and token. */
export const statesState = defineState("states", () => ({
  machines: new Map<string, StateMachine>(),
  executions: new Map<string, Execution>(),
  /** A finished task's token stays with `undefined`: it is known, but no task waits. */
  tokens: new Map<string, WaitingTask | undefined>(),
}));

export type StatesState = ReturnType<typeof statesState.make>;

/** Closed executions are dropped, and their names free again, after 90 days. */
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
