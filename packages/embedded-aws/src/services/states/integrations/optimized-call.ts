import { isObject, type Json, type JsonObject } from "../asl/json.ts";
import { callService } from "./aws-sdk.ts";
import { httpMetadata } from "./http-metadata.ts";
import type { TaskCall } from "./task-call.ts";

interface Target {
  readonly service: string;
  readonly operation: string;
  /** Of its errors: `SQS`, and the general one, `AmazonSQSException`. */
  readonly prefix: string;
  readonly general: string;
}

/** A request through an optimized integration; the result tells about the HTTP answer too. */
export async function optimizedCall(task: TaskCall, target: Target, parameters: JsonObject): Promise<JsonObject> {
  const result: Json = await callService(task, target, target.operation, parameters);
  return { ...(isObject(result) ? result : {}), ...httpMetadata(task.aws, {}) };
}
