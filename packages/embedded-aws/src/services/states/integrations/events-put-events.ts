import { isObject, type Json } from "../asl/json.ts";
import { StateError } from "../asl/state-error.ts";
import { optimizedCall } from "./optimized-call.ts";
import type { Integration, TaskCall } from "./task-call.ts";
import { withText } from "./text-parameter.ts";

const eventBridge = {
  service: "events",
  operation: "PutEvents",
  prefix: "EventBridge",
  general: "AmazonEventBridgeException",
};

/** An entry that the bus refuses fails the task; every entry names its execution (Developer Guide, "EventBridge"). */
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
