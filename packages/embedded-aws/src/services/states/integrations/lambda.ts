import type { InvokeCommandInput, InvokeCommandOutput } from "@aws-sdk/client-lambda";
import { isObject, type Json } from "../asl/json.ts";
import { StateError } from "../asl/state-error.ts";
import { serviceError } from "./aws-sdk.ts";
import { httpMetadata } from "./optimized.ts";
import type { Integration, TaskCall } from "./task-call.ts";

const parameters = ["FunctionName", "InvocationType", "Qualifier", "ClientContext", "LogType", "Payload"];

/**
 * `lambda:invoke`: the result contains the parsed answer, and the invocation's data from Lambda's API. A string Payload
 * is sent unchanged; null is sent as no Payload.
 */
export const invoke: Integration["call"] = async (task) => {
  const { Payload: event, ...input } = checked(task.parameters);
  const text = typeof event === "string" ? event : JSON.stringify(event);
  const Payload = event === undefined || event === null ? {} : { Payload: Buffer.from(text!) };
  const { output, payload } = await requestFunction(task, { ...(input as unknown as InvokeCommandInput), ...Payload });
  const version = output.ExecutedVersion ?? "$LATEST";
  return {
    ExecutedVersion: version,
    ...(output.LogResult === undefined ? {} : { LogResult: output.LogResult }),
    ...(payload === "" ? {} : { Payload: JSON.parse(payload) as Json }),
    ...httpMetadata(task.aws, {
      "Content-Length": String(Buffer.byteLength(payload)),
      "Content-Type": "application/json",
      "X-Amz-Executed-Version": version,
      "X-Amzn-Trace-Id": `root=1-${task.aws.hexId(8)}-${task.aws.hexId(24)};sampled=0`,
      "x-amzn-Remapped-Content-Length": "0",
    }),
    StatusCode: output.StatusCode ?? 200,
  };
};

function checked(given: Json): Record<string, Json> {
  if (!isObject(given) || typeof given.FunctionName !== "string") {
    throw new StateError(
      "States.Runtime",
      "The field 'FunctionName' is required but was missing in the Arguments of lambda:invoke.",
    );
  }
  const unknown = Object.keys(given).find((name) => !parameters.includes(name));
  if (unknown === undefined) return { ...given };
  throw new StateError(
    "States.Runtime",
    `The parameter '${unknown}' is not a parameter of lambda:invoke, which has: ${parameters.join(", ")}.`,
  );
}

/** A function's ARN as the Resource: the parameters are its event, its answer is the result. */
export const invokeFunction =
  (arn: string): Integration["call"] =>
  async (task) => {
    const Payload = Buffer.from(JSON.stringify(task.parameters));
    const { payload } = await requestFunction(task, { FunctionName: arn, Payload });
    return payload === "" ? null : (JSON.parse(payload) as Json);
  };

interface FunctionAnswer {
  readonly output: InvokeCommandOutput;
  /** As a string; empty for an event invocation. */
  readonly payload: string;
}

/** Invokes; throws the function's own error, or Lambda's error as `Lambda.<Exception>`. */
async function requestFunction(task: TaskCall, input: InvokeCommandInput): Promise<FunctionAnswer> {
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

/** A function's own failure: errorType is the error's name, the whole answer its cause. */
function functionError(payload: string): StateError {
  let answer: Json = null;
  try {
    answer = JSON.parse(payload) as Json;
  } catch {
    // A crashed runtime may answer anything; then only the text is known.
  }
  const type = isObject(answer) ? answer.errorType : undefined;
  return new StateError(typeof type === "string" && type !== "" ? type : "Lambda.Unknown", payload);
}
