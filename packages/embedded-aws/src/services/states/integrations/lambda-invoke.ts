import type { InvokeCommandInput } from "@aws-sdk/client-lambda";
import { isObject, type Json } from "../asl/json.ts";
import { StateError } from "../asl/state-error.ts";
import { httpMetadata } from "./http-metadata.ts";
import { requestFunction } from "./lambda-request.ts";
import type { Integration } from "./task-call.ts";

const parameters = ["FunctionName", "InvocationType", "Qualifier", "ClientContext", "LogType", "Payload"];

/** `lambda:invoke`: the answer comes parsed, with what Lambda's API says about the invocation. */
export const invoke: Integration["call"] = async (task) => {
  const { Payload: event, ...input } = checked(task.parameters);
  const Payload = event === undefined ? {} : { Payload: Buffer.from(JSON.stringify(event)) };
  const { output, payload } = await requestFunction(task, { ...(input as unknown as InvokeCommandInput), ...Payload });
  const version = output.ExecutedVersion ?? "$LATEST";
  return {
    ExecutedVersion: version,
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
    `The parameter '${unknown}' is not one of lambda:invoke: ${parameters.join(", ")}.`,
  );
}
