import { isObject, type Json, type JsonObject } from "../asl/json.ts";
import { StateError } from "../asl/state-error.ts";
import { accountOf, statesState } from "../state.ts";
import { callService, isAwsSdkAction, sdkCall } from "./aws-sdk.ts";
import { invoke, invokeFunction } from "./lambda.ts";
import { dynamodb, optimizedCall, publish, putEvents, sendMessage, withText } from "./optimized.ts";
import type { Integration, Job, TaskCall } from "./task-call.ts";

const sfn = {
  service: "states",
  operation: "StartExecution",
  prefix: "StepFunctions",
  general: "AWSStepFunctionsException",
};

/** `states:startExecution`: starts another machine's execution without waiting for it. */
const startExecution: Integration["call"] = (task) => optimizedCall(task, sfn, withText(task.parameters, "Input"));

/**
 * `.sync` and `.sync:2` wait for its end, and stop it if the task ends first. The second answers its input and output
 * as JSON, the first as strings (Developer Guide, "Start Step Functions workflow executions from a running state
 * machine").
 */
const nestedExecution = (pattern: ".sync" | ".sync:2"): Job => ({
  async finished(task, submitted) {
    await ended(task, submitted);
    const described = (await request(task, "DescribeExecution", submitted)) as JsonObject;
    const { Input, Output } = described;
    const told = pattern === ".sync" ? described : { ...described, ...parsed({ Input, Output }) };
    if (described.Status === "SUCCEEDED") return told;
    throw new StateError("States.TaskFailed", JSON.stringify(described));
  },
  async stop(task, submitted) {
    await request(task, "StopExecution", submitted);
  },
});

const arnOf = (submitted: Json): string => String(isObject(submitted) ? submitted.ExecutionArn : "");

const request = (task: TaskCall, action: string, submitted: Json): Promise<Json> =>
  callService(task, sfn, action, { ExecutionArn: arnOf(submitted) });

async function ended({ aws, region }: TaskCall, submitted: Json): Promise<void> {
  const arn = arnOf(submitted);
  const signal = aws.state(statesState, accountOf(arn), region).executions.get(arn)?.interruption.signal;
  if (!signal || signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  signal.addEventListener("abort", () => resolve(), { once: true });
  await promise;
}

const parsed = (texts: Record<string, Json | undefined>): Record<string, Json> =>
  Object.fromEntries(
    Object.entries(texts).flatMap(([name, text]) =>
      typeof text === "string" ? [[name, JSON.parse(text) as Json]] : [],
    ),
  );

const FUNCTION_ARN = /^arn:[\w-]+:lambda:[\w-]+:\d{12}:function:[\w$-]+(:[\w$-]+)?$/;

const SERVICE_ARN =
  /^arn:[\w-]+:states:[\w-]*:(\d{12})?:(?<type>aws-sdk:\w+|\w+):(?<resource>\w+)(?<pattern>\.\w+(:\d)?)?$/;

const optimized: Readonly<Record<string, Integration["call"]>> = {
  "dynamodb:deleteItem": dynamodb("DeleteItem"),
  "dynamodb:getItem": dynamodb("GetItem"),
  "dynamodb:putItem": dynamodb("PutItem"),
  "dynamodb:updateItem": dynamodb("UpdateItem"),
  "lambda:invoke": invoke,
  "events:putEvents": putEvents,
  "sns:publish": publish,
  "sqs:sendMessage": sendMessage,
  "states:startExecution": startExecution,
};

/** Integrations that support `.sync`. */
const jobs: Readonly<Record<string, Job>> = {
  "states:startExecution.sync": nestedExecution(".sync"),
  "states:startExecution.sync:2": nestedExecution(".sync:2"),
};

/** Undefined if the embedded AWS does not have the integration. */
export function findIntegration(arn: string): Integration | undefined {
  if (FUNCTION_ARN.test(arn)) {
    return { resourceType: "lambda", resource: arn, functionArn: arn, waitsForToken: false, call: invokeFunction(arn) };
  }
  const { type = "", resource = "", pattern = "" } = SERVICE_ARN.exec(arn)?.groups ?? {};
  const job = jobs[`${type}:${resource}${pattern}`];
  if (pattern !== "" && pattern !== ".waitForTaskToken" && !job) return undefined;
  const call = isAwsSdkAction(type) ? sdkCall(type, resource) : optimized[`${type}:${resource}`];
  if (!call) return undefined;
  const waitsForToken = pattern === ".waitForTaskToken";
  return { resourceType: type, resource: `${resource}${pattern}`, waitsForToken, ...(job && { job }), call };
}
