import { isObject, type Json, type JsonObject } from "../asl/json.ts";
import { StateError } from "../asl/state-error.ts";
import { httpMetadata } from "./http-metadata.ts";
import { operationSchema } from "./sdk-schemas.ts";
import { fromSdkOutput, toSdkInput, UnknownParameter } from "./sdk-values.ts";
import { serviceError } from "./service-error.ts";
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
  const { aws, principal, region } = task;
  const schema = await operationSchema(aws, target.service, target.operation);
  if (!schema) throw new StateError("States.Runtime", `There is no operation ${target.service}:${target.operation}.`);
  try {
    const input = toSdkInput(schema.input, parameters) as object;
    const output = await aws.call<unknown>(target.service, target.operation, input, { principal, region });
    const result: Json = fromSdkOutput(schema.output, output ?? {});
    return { ...(isObject(result) ? result : {}), ...httpMetadata(aws, {}) };
  } catch (failure) {
    if (failure instanceof UnknownParameter) {
      const why = `The parameter '${failure.message}' is not one of ${target.service}:${target.operation}.`;
      throw new StateError("States.Runtime", why);
    }
    throw await serviceError(aws, failure, target);
  }
}
