import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import type { Principal } from "../../../engine/principal.ts";
import type { Json } from "../asl/json.ts";

/** One request of a Task to a service. */
export interface TaskCall {
  readonly aws: EmbeddedAws;
  /** The machine's role, or the task's own (`Credentials`). */
  readonly principal: Principal;
  readonly region: string;
  /** The evaluated Arguments. */
  readonly parameters: Json;
  readonly executionArn: string;
  readonly stateMachineArn: string;
}

/** `.sync`: work that the call only started. `submitted` is the call's answer. */
export interface Job {
  /** The work's result; throws StateError if it failed. */
  finished(task: TaskCall, submitted: Json): Promise<Json>;
  /** Called if the task ends before the work. */
  stop(task: TaskCall, submitted: Json): Promise<void>;
}

/** The implementation of a Task's Resource. */
export interface Integration {
  /** As in histories: `lambda` and `invoke`; a function's ARN has no such pair. */
  readonly resourceType: string;
  readonly resource: string;
  /** A function's ARN as the Resource: histories have LambdaFunction events. */
  readonly functionArn?: string;
  readonly waitsForToken: boolean;
  readonly job?: Job;
  /** Throws StateError if the service refuses. */
  call(task: TaskCall): Promise<Json>;
}
