import type { Target } from "@aws-sdk/client-eventbridge";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import type { Principal } from "../../engine/principal.ts";
import { type DeliveryFailure, deliveryFailure } from "./delivery-failure.ts";
import type { BusEvent } from "./event.ts";
import type { Rule } from "./state.ts";
import { targetRequest } from "./target-request.ts";

export interface DeadLetter {
  readonly rule: Rule;
  readonly target: Target;
  readonly event: BusEvent;
  readonly failure: DeliveryFailure;
  readonly retries: number;
  /** The limit that ended the attempts; undefined where the failure itself allowed none. */
  readonly condition: string | undefined;
}

/**
 * Parks an undelivered event in the target's dead-letter queue, whole and untransformed, with the reason as message
 * attributes (EventBridge user guide, "Using dead-letter queues"). Without a queue, or where the queue's policy does not
 * let EventBridge in, the event is lost, as in AWS.
 */
export async function sendDeadLetter(aws: EmbeddedAws, letter: DeadLetter, principal: Principal): Promise<void> {
  const queueArn = letter.target.DeadLetterConfig?.Arn;
  if (queueArn === undefined) return;
  const request = targetRequest(aws, queueArn, JSON.stringify(letter.event));
  const input = { ...request.input, MessageAttributes: textAttributes(reasons(letter)) };
  try {
    await aws.call(request.service, request.operation, input, { principal, region: request.region });
  } catch (error) {
    deliveryFailure(error);
  }
}

const reasons = ({ rule, target, failure, retries, condition }: DeadLetter): Record<string, string | undefined> => ({
  RULE_ARN: rule.arn,
  TARGET_ARN: target.Arn,
  ERROR_CODE: failure.code,
  ERROR_MESSAGE: failure.message,
  EXHAUSTED_RETRY_CONDITION: condition,
  RETRY_ATTEMPTS: String(retries),
});

/** SQS message attributes of type String; SQS has no empty ones, so those are left out. */
export const textAttributes = (values: Record<string, string | undefined>) =>
  Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => value)
      .map(([name, StringValue]) => [name, { DataType: "String", StringValue }]),
  );
