import type { InvokeCommandInput, InvokeCommandOutput } from "@aws-sdk/client-lambda";
import { functionError } from "./function-error.ts";
import { serviceError } from "./service-error.ts";
import type { TaskCall } from "./task-call.ts";

export interface FunctionAnswer {
  readonly output: InvokeCommandOutput;
  /** As text; empty for an event invocation. */
  readonly payload: string;
}

/** Invokes; throws the function's own error, or Lambda's refusal as `Lambda.<Exception>`. */
export async function requestFunction(task: TaskCall, input: InvokeCommandInput): Promise<FunctionAnswer> {
  const { aws, principal, region } = task;
  let output: InvokeCommandOutput;
  try {
    output = await aws.call<InvokeCommandOutput>("lambda", "Invoke", input, { principal, region });
  } catch (failure) {
    throw await serviceError(aws, failure, { service: "lambda", prefix: "Lambda", general: "AWSLambdaException" });
  }
  const payload = Buffer.from(output.Payload ?? []).toString();
  if (output.FunctionError) throw functionError(payload);
  return { output, payload };
}
