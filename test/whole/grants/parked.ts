import { ListQueuesCommand, type Message, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { RunningFactory } from "../../../local/boot/boot-factory.ts";

/** `amint-acme-notify-dead-letters: ZodError` for each message in a dead-letter queue: the queue and the reason. */
export async function readParked(options: RunningFactory["options"]): Promise<string[]> {
  const sqs = new SQSClient(options);
  const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({ MaxResults: 1000 }));
  const parked: string[] = [];
  for (const QueueUrl of QueueUrls.filter((url) => url.endsWith("-dead-letters"))) {
    const queue = QueueUrl.slice(QueueUrl.lastIndexOf("/") + 1);
    for (;;) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ["All"] }),
      );
      if (Messages.length === 0) break;
      parked.push(...Messages.map((message) => `${queue}: ${causeOf(message)}`));
    }
  }
  return parked;
}

/** Lambda's destinations have the reason in the record, rules and schedules in attributes. */
function causeOf({ Body = "{}", MessageAttributes }: Message): string {
  const code = MessageAttributes?.ERROR_CODE?.StringValue;
  return code ?? String(JSON.parse(Body).responsePayload?.errorType ?? JSON.parse(Body).requestContext?.condition);
}
