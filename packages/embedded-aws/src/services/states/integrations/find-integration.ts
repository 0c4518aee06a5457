import { isAwsSdkAction, sdkCall } from "./aws-sdk.ts";
import { invoke, invokeFunction } from "./lambda.ts";
import { publish, putEvents, sendMessage } from "./optimized.ts";
import type { Integration } from "./task-call.ts";

const FUNCTION_ARN = /^arn:[\w-]+:lambda:[\w-]+:\d{12}:function:[\w$-]+(:[\w$-]+)?$/;

const SERVICE_ARN =
  /^arn:[\w-]+:states:[\w-]*:(\d{12})?:(?<type>aws-sdk:\w+|\w+):(?<resource>\w+)(?<pattern>\.\w+(:\d)?)?$/;

const optimized: Readonly<Record<string, Integration["call"]>> = {
  "lambda:invoke": invoke,
  "events:putEvents": putEvents,
  "sns:publish": publish,
  "sqs:sendMessage": sendMessage,
};

/** Undefined where the embedded AWS has no such integration. */
export function findIntegration(arn: string): Integration | undefined {
  if (FUNCTION_ARN.test(arn)) {
    return { resourceType: "lambda", resource: arn, functionArn: arn, waitsForToken: false, call: invokeFunction(arn) };
  }
  const { type = "", resource = "", pattern = "" } = SERVICE_ARN.exec(arn)?.groups ?? {};
  if (pattern !== "" && pattern !== ".waitForTaskToken") return undefined;
  const call = isAwsSdkAction(type) ? sdkCall(type, resource) : optimized[`${type}:${resource}`];
  if (!call) return undefined;
  return { resourceType: type, resource: `${resource}${pattern}`, waitsForToken: pattern !== "", call };
}
