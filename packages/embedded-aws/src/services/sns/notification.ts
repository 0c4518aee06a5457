import type { MessageAttributeValue } from "@aws-sdk/client-sns";
import type { Subscription, Topic } from "./state.ts";

/** A published message. */
export interface Published {
  readonly id: string;
  readonly topic: Topic;
  readonly subject: string | undefined;
  readonly attributes: Readonly<Record<string, MessageAttributeValue>>;
  readonly publishedAt: number;
  /** The text for a protocol: the same for all unless the message has a structure. */
  readonly textFor: (protocol: string) => string;
}

/** SNS's signing key does not exist here, so the signature states that. */
const SIGNATURE = Buffer.from("not signed by the embedded AWS").toString("base64");

/** What a queue receives without raw delivery (SNS developer guide, "HTTP/HTTPS notification JSON format"). */
export const notification = (message: Published, subscription: Subscription) => ({
  Type: "Notification",
  MessageId: message.id,
  TopicArn: message.topic.arn,
  ...(message.subject !== undefined && { Subject: message.subject }),
  Message: message.textFor(subscription.protocol),
  Timestamp: new Date(message.publishedAt).toISOString(),
  SignatureVersion: "1",
  Signature: SIGNATURE,
  SigningCertURL: `${host(message)}/SimpleNotificationService-0000000000000000000000000000000.pem`,
  UnsubscribeURL: unsubscribeUrl(message, subscription),
  ...(Object.keys(message.attributes).length > 0 && { MessageAttributes: typedValues(message.attributes) }),
});

/** What a function receives (Lambda developer guide, "Invoking Lambda functions with Amazon SNS notifications"). */
export const lambdaEvent = (message: Published, subscription: Subscription) => ({
  Records: [
    {
      EventSource: "aws:sns",
      EventVersion: "1.0",
      EventSubscriptionArn: subscription.arn,
      Sns: {
        Type: "Notification",
        MessageId: message.id,
        TopicArn: message.topic.arn,
        Subject: message.subject ?? null,
        Message: message.textFor(subscription.protocol),
        Timestamp: new Date(message.publishedAt).toISOString(),
        SignatureVersion: "1",
        Signature: SIGNATURE,
        SigningCertUrl: `${host(message)}/SimpleNotificationService-0000000000000000000000000000000.pem`,
        UnsubscribeUrl: unsubscribeUrl(message, subscription),
        MessageAttributes: typedValues(message.attributes),
      },
    },
  ],
});

/**
 * The confirmation request to an external address (SNS developer guide, "HTTP/HTTPS subscription confirmation JSON
 * format").
 */
export const confirmationOf = (topic: Topic, token: string, now: Date) => ({
  Type: "SubscriptionConfirmation",
  MessageId: token.slice(0, 32),
  Token: token,
  TopicArn: topic.arn,
  Message: `You have chosen to subscribe to the topic ${topic.arn}.\nTo confirm the subscription, visit the SubscribeURL included in this message.`,
  SubscribeURL: `${host({ topic })}/?Action=ConfirmSubscription&TopicArn=${topic.arn}&Token=${token}`,
  Timestamp: now.toISOString(),
  SignatureVersion: "1",
  Signature: SIGNATURE,
  SigningCertURL: `${host({ topic })}/SimpleNotificationService-0000000000000000000000000000000.pem`,
});

const host = ({ topic }: Pick<Published, "topic">): string => `https://sns.${topic.region}.amazonaws.com`;

const unsubscribeUrl = (message: Published, subscription: Subscription): string =>
  `${host(message)}/?Action=Unsubscribe&SubscriptionArn=${subscription.arn}`;

const typedValues = (attributes: Readonly<Record<string, MessageAttributeValue>>) =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
      name,
      { Type: DataType, Value: StringValue ?? Buffer.from(BinaryValue ?? []).toString("base64") },
    ]),
  );
