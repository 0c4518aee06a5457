import { SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ListQueuesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import type { Blueprint } from "embedded-aws/deploy";
import type { ClientOptions } from "../boot/client-options.ts";

/** A queue that subscribes to the notices topic, as a team's own tooling would. */
export interface Subscriber {
  /** The messages so far; deletes them from the queue. */
  read(): Promise<HeardMessage[]>;
}

export interface HeardMessage {
  readonly subject: string;
  readonly text: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** @param alarms whether it also receives the topic's alarms, which have no event name as an attribute */
export async function subscribeQueue(
  options: ClientOptions,
  topicArn: string,
  { queue = "month-subscriber", alarms = false } = {},
): Promise<Subscriber> {
  const sqs = new SQSClient(options);
  const queueArn = topicArn.replace(":sns:", ":sqs:").replace(/:[^:]+$/, `:${queue}`);
  const policy = {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "sns.amazonaws.com" },
        Action: "sqs:SendMessage",
        Resource: queueArn,
        Condition: { ArnEquals: { "aws:SourceArn": topicArn } },
      },
    ],
  };
  const { QueueUrl } = await sqs.send(
    new CreateQueueCommand({ QueueName: queue, Attributes: { Policy: JSON.stringify(policy) } }),
  );
  await new SNSClient(options).send(
    new SubscribeCommand({
      TopicArn: topicArn,
      Protocol: "sqs",
      Endpoint: queueArn,
      ...(!alarms && { Attributes: { FilterPolicy: JSON.stringify({ event: [{ exists: true }] }) } }),
      ReturnSubscriptionArn: true,
    }),
  );
  return { read: () => receiveAll(sqs, QueueUrl ?? "") };
}

interface Envelope {
  readonly Subject: string;
  readonly Message: string;
  readonly MessageAttributes?: Readonly<Record<string, { readonly Value: string }>>;
}

async function receiveAll(sqs: SQSClient, QueueUrl: string): Promise<HeardMessage[]> {
  const heard: HeardMessage[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    if (Messages.length === 0) return heard;
    for (const { Body, ReceiptHandle } of Messages) {
      const { Subject: subject, Message: text, MessageAttributes = {} }: Envelope = JSON.parse(Body ?? "{}");
      const attributes = Object.fromEntries(
        Object.entries(MessageAttributes).map(([name, { Value }]) => [name, Value]),
      );
      heard.push({ subject, text, attributes });
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
  }
}

/** The notices topic, the factory's only topic. */
export const topicArnOf = ({ partition, buildRegion, account, resources }: Blueprint): string => {
  const topic = resources.find(({ type }) => type === "aws:sns/topic:Topic");
  return `arn:${partition}:sns:${buildRegion}:${account}:${topic?.inputs.name}`;
};

/** Events in a dead-letter queue. */
export interface ParkedEvents {
  readonly queue: string;
  readonly messages: number;
}

/** Dead-letter queues that are not empty. */
export async function findParked(options: ClientOptions): Promise<ParkedEvents[]> {
  const sqs = new SQSClient(options);
  const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({ MaxResults: 1000 }));
  const parked: ParkedEvents[] = [];
  for (const QueueUrl of QueueUrls) {
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["ApproximateNumberOfMessages"] }),
    );
    const messages = Number(Attributes?.ApproximateNumberOfMessages ?? 0);
    if (messages > 0) parked.push({ queue: QueueUrl.slice(QueueUrl.lastIndexOf("/") + 1), messages });
  }
  return parked;
}
