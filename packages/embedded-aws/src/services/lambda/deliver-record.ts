import { type EmbeddedAws, endpointOf } from "../../engine/embedded-aws.ts";
import { type Principal, rolePrincipal } from "../../engine/principal.ts";
import type { Invocation, Outcome } from "./function-runner.ts";
import { recordFunctionMetric } from "./function-telemetry.ts";
import { recursiveInvocation } from "./recursion.ts";
import type { LambdaFunction } from "./state.ts";
import { invalidParameterValue } from "./state.ts";

/** Sends an event's result to the function's destination, and a failed event to its dead-letter queue. */
export async function deliverRecord(aws: EmbeddedAws, event: FinishedEvent): Promise<void> {
  const { fn, condition } = event;
  const succeeded = condition === "Success";
  const { OnSuccess, OnFailure } = fn.eventInvokeConfig?.DestinationConfig ?? {};
  const destination = (succeeded ? OnSuccess : OnFailure)?.Destination;
  if (destination) {
    const record = invocationRecord(event, aws.clock.now());
    await send(aws, event, destinationRequest(aws, destination, event, record), "DestinationDeliveryFailures");
  }
  if (!succeeded && fn.deadLetterTargetArn) {
    await send(aws, event, deadLetter(aws, fn.deadLetterTargetArn, event), "DeadLetterErrors");
  }
}

/** With the function's role. An error shows in a metric and in the recorded calls. */
async function send(
  aws: EmbeddedAws,
  { fn }: FinishedEvent,
  { service, operation, input, region }: TargetRequest,
  failures: "DestinationDeliveryFailures" | "DeadLetterErrors",
): Promise<void> {
  const principal: Principal = rolePrincipal(fn.role, fn.name);
  try {
    await aws.call(service, operation, input, { principal, region });
  } catch {
    recordFunctionMetric(aws, fn, failures, 1);
  }
}

/** Why Lambda stopped processing an event. */
export type Condition =
  | "Success"
  | "RetriesExhausted"
  | "EventAgeExceeded"
  | "ZeroReservedConcurrency"
  /** AWS does not document its record of a stopped loop. */
  | "RecursiveInvocation";

/** An asynchronous invocation that succeeded or finally failed. */
export interface FinishedEvent {
  readonly fn: LambdaFunction;
  readonly invocation: Invocation;
  readonly condition: Condition;
  readonly invokeCount: number;
  /** Of the last run, if any. */
  readonly outcome: Outcome | undefined;
}

/** The destinations' payload: developer guide, "Capturing records of Lambda asynchronous invocations". */
const invocationRecord = ({ fn, invocation, condition, invokeCount, outcome }: FinishedEvent, now: number): string =>
  JSON.stringify({
    version: "1.0",
    timestamp: new Date(now).toISOString(),
    requestContext: {
      requestId: invocation.requestId,
      functionArn: `${fn.arn}:$LATEST`,
      condition,
      approximateInvokeCount: invokeCount,
    },
    requestPayload: JSON.parse(invocation.payload),
    ...(outcome && {
      responseContext: {
        statusCode: 200,
        executedVersion: "$LATEST",
        ...(outcome.failed && { functionError: "Unhandled" }),
      },
      responsePayload: JSON.parse(outcome.payload),
    }),
  });

/** Maximum bytes of the error message in a dead letter (developer guide, "Adding a dead-letter queue"). */
const MESSAGE_BYTES = 1_024;

/** The call that sends the whole event to a queue or topic, with the reason in its attributes. */
function deadLetter(aws: EmbeddedAws, arn: string, event: FinishedEvent): TargetRequest {
  const { service, region } = requireTarget("dead-letter target", arn, DEAD_LETTER_TARGETS);
  const body = event.invocation.payload;
  const MessageAttributes = {
    RequestID: { DataType: "String", StringValue: event.invocation.requestId },
    ErrorCode: { DataType: "Number", StringValue: event.outcome ? "200" : "429" },
    ErrorMessage: { DataType: "String", StringValue: Buffer.from(reason(event)).subarray(0, MESSAGE_BYTES).toString() },
  };
  switch (service) {
    case "sqs":
      return {
        service,
        operation: "SendMessage",
        region,
        input: { QueueUrl: queueUrlOf(aws, arn), MessageBody: body, MessageAttributes },
      };
    case "sns":
      return { service, operation: "Publish", region, input: { TopicArn: arn, Message: body, MessageAttributes } };
  }
}

function reason({ outcome, condition }: FinishedEvent): string {
  if (!outcome) {
    if (condition === "RecursiveInvocation") return recursiveInvocation().message;
    return condition === "ZeroReservedConcurrency"
      ? "Function not invoked. Function is configured with zero reserved concurrent executions"
      : "Rate Exceeded.";
  }
  const { errorMessage } = JSON.parse(outcome.payload) as { errorMessage?: string };
  return errorMessage || "Unhandled";
}

/** A call to another service. */
interface TargetRequest {
  readonly service: string;
  readonly operation: string;
  readonly input: object;
  readonly region: string;
}

/** The call that sends the invocation record to a destination (an ARN). */
function destinationRequest(aws: EmbeddedAws, arn: string, event: FinishedEvent, record: string): TargetRequest {
  const { service, region } = requireTarget("destination", arn, DESTINATIONS);
  switch (service) {
    case "sqs":
      return {
        service,
        operation: "SendMessage",
        region,
        input: { QueueUrl: queueUrlOf(aws, arn), MessageBody: record },
      };
    case "sns":
      return { service, operation: "Publish", region, input: { TopicArn: arn, Message: record } };
    case "lambda":
      return {
        service,
        operation: "Invoke",
        region,
        input: { FunctionName: arn, InvocationType: "Event", Payload: Buffer.from(record) },
      };
    case "events":
      return { service, operation: "PutEvents", region, input: { Entries: [toEntry(aws, arn, event, record)] } };
  }
}

function queueUrlOf(aws: EmbeddedAws, arn: string): string {
  const [, , , , account = "", name = ""] = arn.split(":");
  return `${endpointOf(aws)}/${account}/${name}`;
}

const toEntry = (aws: EmbeddedAws, arn: string, { fn, condition }: FinishedEvent, record: string): object => ({
  EventBusName: arn,
  Source: "lambda",
  DetailType: `Lambda Function Invocation Result - ${condition === "Success" ? "Success" : "Failure"}`,
  Resources: [arn, `${fn.arn}:$LATEST`],
  Time: new Date(aws.clock.now()),
  Detail: record,
});

/** Destinations for records of asynchronous invocations; S3 is not built. */
export const DESTINATIONS = ["sqs", "sns", "lambda", "events"] as const;

export const DEAD_LETTER_TARGETS = ["sqs", "sns"] as const;

/**
 * A target's service and region, from its ARN.
 * @throws AwsError InvalidParameterValueException if it is none of `kinds`
 */
export function requireTarget<Kind extends string>(
  role: string,
  arn: string,
  kinds: readonly Kind[],
): { readonly service: Kind; readonly region: string } {
  const [, , given = "", region = ""] = arn.split(":");
  const service = kinds.find((kind) => kind === given);
  if (service) return { service, region };
  throw invalidParameterValue(
    `The provided ${role} ${arn} is invalid: the embedded AWS supports ARNs of ${kinds.join(", ")}.`,
  );
}
