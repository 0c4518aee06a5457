import { ListTopicsCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand, DeleteMessageBatchCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { RunningFactory } from "../../../cli/month/boot-factory.ts";

const QueueName = "on-call";

/**
 * Subscribes a queue to everything that the notices topic says: what the factory tells people, and alarms.
 * @returns reads the subjects of all messages so far, and takes them off the queue
 */
export async function putOnCall({ options }: RunningFactory): Promise<() => Promise<string[]>> {
  const sns = new SNSClient(options);
  const { Topics = [] } = await sns.send(new ListTopicsCommand({}));
  const [TopicArn = ""] = Topics.map((topic) => topic.TopicArn);
  const queueArn = TopicArn.replace(":sns:", ":sqs:").replace(/:[^:]+$/, `:${QueueName}`);
  const Policy = JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "sns.amazonaws.com" },
        Action: "sqs:SendMessage",
        Resource: queueArn,
        Condition: { ArnEquals: { "aws:SourceArn": TopicArn } },
      },
    ],
  });
  const sqs = new SQSClient(options);
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes: { Policy } }));
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint: queueArn }));
  return async () => {
    const subjects: string[] = [];
    for (;;) {
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
      if (Messages.length === 0) return subjects;
      subjects.push(...Messages.map(({ Body }) => String(JSON.parse(Body ?? "{}").Subject)));
      const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
      await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    }
  };
}
