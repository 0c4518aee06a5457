import { defineState } from "../../engine/state.ts";
import type { Definition } from "./asl/definition.ts";
import type { History } from "./execution/history.ts";

export interface StateMachine {
  readonly arn: string;
  readonly name: string;
  /** As it was sent. */
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
  /** The machine as it was at the start: an update does not touch running executions. */
  readonly machine: StateMachine;
  /** JSON text, as it was sent. */
  readonly input: string;
  readonly startDate: Date;
  readonly history: History;
  /** Aborted when the execution is stopped or times out. */
  readonly interruption: AbortController;
  /** How many random numbers it has drawn. */
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
  /** A token whose task is over stays, with `undefined`: it is known, but nobody waits. */
  tokens: new Map<string, WaitingTask | undefined>(),
}));

export type StatesState = ReturnType<typeof statesState.make>;
