import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import { isObject, type Json, type JsonObject } from "../asl/json.ts";
import { StateError } from "../asl/state-error.ts";
import { callService } from "./aws-sdk.ts";
import type { Integration, TaskCall } from "./task-call.ts";

interface Target {
  readonly service: string;
  readonly operation: string;
  /** The prefix of its errors: `SQS`; the general error is `AmazonSQSException`. */
  readonly prefix: string;
  readonly general: string;
}

/** A request of an optimized integration; the result also contains data of the HTTP response. */
export async function optimizedCall(task: TaskCall, target: Target, parameters: JsonObject): Promise<JsonObject> {
  const result: Json = await callService(task, target, target.operation, parameters);
  return { ...(isObject(result) ? result : {}), ...httpMetadata(task.aws, {}) };
}

/** HTTP response data that optimized integrations add to a result, as recorded from AWS. */
export function httpMetadata(
  aws: EmbeddedAws,
  headers: Readonly<Record<string, string>>,
): { SdkHttpMetadata: JsonObject; SdkResponseMetadata: JsonObject } {
  const id = aws.uuid();
  const date = new Date(aws.clock.now()).toUTCString();
  const all = { Connection: "keep-alive", Date: date, "x-amzn-RequestId": id, ...headers };
  const lists = Object.fromEntries(Object.entries(all).map(([name, value]) => [name, [value]]));
  return {
    SdkHttpMetadata: { AllHttpHeaders: lists, HttpHeaders: all, HttpStatusCode: 200 },
    SdkResponseMetadata: { RequestId: id },
  };
}

/** Optimized integrations accept JSON where the service expects a string. */
export function withText(parameters: Json, name: string): JsonObject {
  if (!isObject(parameters)) return {};
  const value = parameters[name];
  return value === undefined || typeof value === "string"
    ? parameters
    : { ...parameters, [name]: JSON.stringify(value) };
}

const eventBridge = {
  service: "events",
  operation: "PutEvents",
  prefix: "EventBridge",
  general: "AmazonEventBridgeException",
};

/**
 * An entry that the bus rejects fails the task; every entry contains its execution (Developer Guide, "EventBridge").
 */
export const putEvents: Integration["call"] = async (task) => {
  const { Entries = [], ...rest } = isObject(task.parameters) ? task.parameters : {};
  const entries = Array.isArray(Entries) ? Entries : [];
  const result = await optimizedCall(task, eventBridge, {
    ...rest,
    Entries: entries.map((one: Json) => entry(task, one)),
  });
  if (result.FailedEntryCount === 0 || result.FailedEntryCount === undefined) return result;
  throw new StateError("EventBridge.FailedEntry", JSON.stringify(result));
};

function entry(task: TaskCall, given: Json): Json {
  if (!isObject(given)) return given;
  const resources = Array.isArray(given.Resources) ? (given.Resources as Json[]) : [];
  return { ...withText(given, "Detail"), Resources: [...resources, task.executionArn, task.stateMachineArn] };
}

/** `dynamodb:getItem` and similar. */
export const dynamodb =
  (operation: string): Integration["call"] =>
  (task) => {
    const target = { service: "dynamodb", operation, prefix: "DynamoDB", general: "AmazonDynamoDBException" };
    return optimizedCall(task, target, isObject(task.parameters) ? task.parameters : {});
  };

const sns = { service: "sns", operation: "Publish", prefix: "SNS", general: "AmazonSNSException" };

export const publish: Integration["call"] = (task) => optimizedCall(task, sns, withText(task.parameters, "Message"));

const sqs = { service: "sqs", operation: "SendMessage", prefix: "SQS", general: "AmazonSQSException" };

export const sendMessage: Integration["call"] = (task) =>
  optimizedCall(task, sqs, withText(task.parameters, "MessageBody"));
