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

/** `.sync`: work that the call only began. `submitted` is what the call answered. */
export interface Job {
  /** The work's own result; throws StateError where it failed. */
  finished(task: TaskCall, submitted: Json): Promise<Json>;
  /** The task ended before the work did. */
  stop(task: TaskCall, submitted: Json): Promise<void>;
}

/** What stands behind a Task's Resource. */
export interface Integration {
  /** As histories name it: `lambda` and `invoke`; a function's own ARN has no such pair. */
  readonly resourceType: string;
  readonly resource: string;
  /** A function's ARN as the Resource: histories have LambdaFunction events. */
  readonly functionArn?: string;
  readonly waitsForToken: boolean;
  readonly job?: Job;
  /** Throws StateError where the service refuses. */
  call(task: TaskCall): Promise<Json>;
}
