import { defineState, type EmbeddedAws } from "../../engine/embedded-aws.ts";
import { AwsError } from "../../engine/operation.ts";
import { servicePrincipal } from "../../engine/principal.ts";
import { type TargetRequest, targetRequest } from "../events/target-request.ts";
import { lambdaEvent, notification, type Published } from "./notification.ts";
import type { Subscription, Topic } from "./state.ts";
import { deadLetterQueue } from "./subscription-attributes.ts";

/** Delivers a message to one subscriber; on failure sends it to the subscription's dead-letter queue, if any. */
export async function deliver(
  aws: EmbeddedAws,
  subscription: Subscription,
  message: Published,
  retries = 0,
): Promise<void> {
  if (isOutside(subscription.protocol)) {
    sendOutside(aws, subscription, message);
    return;
  }
  try {
    await send(aws, message, requestOf(aws, subscription, message));
  } catch (error) {
    if (!(error instanceof AwsError) || error.code === "NotImplemented") throw error;
    const wait = isPassing(error) ? retryDelayMs(retries) : undefined;
    if (wait !== undefined) {
      aws.clock.after(wait, () => deliver(aws, subscription, message, retries + 1));
      return;
    }
    await park(aws, subscription, message);
  }
}

/** Default subject of an e-mail (SNS developer guide, "Email notifications"). */
const USUAL_SUBJECT = "AWS Notification Message";

function sendOutside(aws: EmbeddedAws, subscription: Subscription, message: Published): void {
  const { protocol, endpoint, attributes } = subscription;
  const asItIs = protocol === "email" || attributes.RawMessageDelivery?.toLowerCase() === "true";
  keepSent(aws, message.topic, {
    protocol,
    endpoint,
    kind: "Notification",
    subject: protocol === "https" ? undefined : (message.subject ?? USUAL_SUBJECT),
    body: asItIs ? message.textFor(protocol) : JSON.stringify(notification(message, subscription)),
  });
}

function requestOf(aws: EmbeddedAws, subscription: Subscription, message: Published): TargetRequest {
  if (subscription.protocol === "lambda") {
    return targetRequest(aws, subscription.endpoint, JSON.stringify(lambdaEvent(message, subscription)));
  }
  if (subscription.attributes.RawMessageDelivery?.toLowerCase() !== "true") {
    return targetRequest(aws, subscription.endpoint, JSON.stringify(notification(message, subscription)));
  }
  const raw = targetRequest(aws, subscription.endpoint, message.textFor("sqs"));
  return { ...raw, input: { ...raw.input, MessageAttributes: message.attributes } };
}

const send = (aws: EmbeddedAws, { topic }: Published, request: TargetRequest): Promise<unknown> =>
  aws.call(request.service, request.operation, request.input, {
    principal: servicePrincipal("sns.amazonaws.com", topic.account, topic.arn),
    region: request.region,
  });

async function park(aws: EmbeddedAws, subscription: Subscription, message: Published): Promise<void> {
  const queue = deadLetterQueue(subscription.attributes.RedrivePolicy);
  if (queue === undefined) return;
  try {
    await send(aws, message, targetRequest(aws, queue, JSON.stringify(notification(message, subscription))));
  } catch (error) {
    // As in AWS, the message is lost if the dead-letter queue denies access.
    if (!(error instanceof AwsError) || error.code === "NotImplemented") throw error;
  }
}

/** Client-side errors (no permission, missing endpoint) are not retried. */
const isPassing = (error: AwsError): boolean =>
  (error.status ?? 400) >= 500 || /Throttl|TooManyRequests/i.test(error.code);

/**
 * SNS developer guide, "Message delivery retries" to AWS endpoints: 3 at once, 2 a second apart, 10 with backoff, the
 * rest every 20 s.
 */
function retryDelayMs(retries: number): number | undefined {
  if (retries < 3) return 0;
  if (retries < 5) return 1_000;
  if (retries < 15) return Math.min(1_000 * 2 ** (retries - 5), 20_000);
  return retries < 100_015 ? 20_000 : undefined;
}

/** A message that SNS would send to an external address: nothing leaves this machine. */
export interface Sent {
  readonly protocol: string;
  readonly endpoint: string;
  /** An e-mail's kind, or an HTTPS request's `x-amz-sns-message-type`. */
  readonly kind: "Notification" | "SubscriptionConfirmation";
  readonly subject: string | undefined;
  readonly body: string;
}

/** External addresses must confirm before they get messages, because any caller can name one. */
export const isOutside = (protocol: string): boolean => protocol.startsWith("email") || protocol === "https";

/** Older ones are dropped. */
const MOST_KEPT = 1_000;

const outbox = defineState("sns outbox", (): Sent[] => []);

/** Messages from a region's topics to external addresses, oldest first. */
export const sentFrom = (aws: EmbeddedAws, { account, region }: Pick<Topic, "account" | "region">): readonly Sent[] =>
  aws.state(outbox, account, region);

export function keepSent(aws: EmbeddedAws, { account, region }: Topic, sent: Sent): void {
  const kept = aws.state(outbox, account, region);
  kept.push(sent);
  kept.splice(0, kept.length - MOST_KEPT);
}
