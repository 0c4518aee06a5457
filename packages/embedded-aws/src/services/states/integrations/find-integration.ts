import { isAwsSdkAction, sdkCall } from "./aws-sdk.ts";
import { invoke, invokeFunction } from "./lambda.ts";
import { nestedExecution, startExecution } from "./nested-execution.ts";
import { dynamodb, publish, putEvents, sendMessage } from "./optimized.ts";
import type { Integration, Job } from "./task-call.ts";

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
