import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { queueUrlOf, type TargetRequest } from "./destination-request.ts";
import type { FinishedEvent } from "./invocation-record.ts";
import { DEAD_LETTER_TARGETS, requireTarget } from "./target-kinds.ts";

/** Bytes of the error message that a dead letter carries (developer guide, "Adding a dead-letter queue"). */
const MESSAGE_BYTES = 1_024;

/** The call that parks the whole event in a queue or a topic, with the reason in its attributes. */
export function deadLetter(aws: EmbeddedAws, arn: string, event: FinishedEvent): TargetRequest {
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
    return condition === "ZeroReservedConcurrency"
      ? "Function not invoked. Function is configured with zero reserved concurrent executions"
      : "Rate Exceeded.";
  }
  const { errorMessage } = JSON.parse(outcome.payload) as { errorMessage?: string };
  return errorMessage || "Unhandled";
}
