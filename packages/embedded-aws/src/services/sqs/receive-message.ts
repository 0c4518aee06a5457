import type * as Sdk from "@aws-sdk/client-sqs";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { AwsError, type Operations } from "../../engine/operation.ts";
import { attributesDigest, bodyDigest } from "./enqueue.ts";
import { depthChanged, dropExpired, forget, hideUntil, numberOf, redrivePolicyOf } from "./queue-attributes.ts";
import { findQueue, onQueue, onQueueKey, type Queue, requireQueue, type StoredMessage } from "./state.ts";

const MOST_MESSAGES = 10;
const MOST_WAIT_SECONDS = 20;

export const operations = {
  ReceiveMessage: {
    authorize: ({ QueueUrl }, call) => [...onQueue(call, QueueUrl), ...onQueueKey(call, QueueUrl, ["Decrypt"])],
    async run(input, call) {
      const { aws } = call;
      const queue = requireQueue(call, input.QueueUrl);
      const { MaxNumberOfMessages = 1, WaitTimeSeconds = numberOf(queue, "ReceiveMessageWaitTimeSeconds") } = input;
      checkBetween("MaxNumberOfMessages", MaxNumberOfMessages, 1, MOST_MESSAGES);
      checkBetween("WaitTimeSeconds", WaitTimeSeconds, 0, MOST_WAIT_SECONDS);
      const until = aws.clock.now() + WaitTimeSeconds * 1_000;
      for (;;) {
        const received = take(aws, queue, MaxNumberOfMessages, input.VisibilityTimeout);
        if (received.length > 0) return { Messages: received.map((message) => shown(message, input)) };
        if (aws.clock.now() >= until) return {};
        await arrivalOrTimeout(aws, queue, until - aws.clock.now());
      }
    },
  },
} satisfies Operations<typeof Sdk>;

/** A long poll waits on the clock without holding it: time passes meanwhile. */
function arrivalOrTimeout(aws: EmbeddedAws, queue: Queue, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const wake = (): void => {
      cancel();
      queue.waiting.delete(wake);
      resolve();
    };
    const cancel = aws.clock.after(ms, wake);
    queue.waiting.add(wake);
  });
}

function take(aws: EmbeddedAws, queue: Queue, most: number, visibilityTimeout: number | undefined): StoredMessage[] {
  const now = aws.clock.now();
  const taken: StoredMessage[] = [];
  const redrive = redrivePolicyOf(queue);
  dropExpired(queue, now);
  let changed = false;
  for (const message of [...queue.messages]) {
    if (taken.length === most) break;
    if (message.visibleAt > now) continue;
    changed = true;
    const exhausted = redrive && message.receiveCount >= redrive.maxReceiveCount;
    if (exhausted && moveToDeadLetterQueue(aws, queue, message, redrive.deadLetterTargetArn)) continue;
    message.receiveCount++;
    message.firstReceivedAt ??= now;
    message.receiptHandle = Buffer.from(`${message.id} ${message.receiveCount}`).toString("base64");
    hideUntil(aws, queue, message, now + (visibilityTimeout ?? numberOf(queue, "VisibilityTimeout")) * 1_000);
    taken.push(message);
  }
  if (changed) depthChanged(aws, queue);
  return taken;
}

function shown(message: StoredMessage, input: Sdk.ReceiveMessageRequest): Sdk.Message {
  const asked: readonly string[] = [...(input.AttributeNames ?? []), ...(input.MessageSystemAttributeNames ?? [])];
  const system = Object.entries(systemAttributes(message)).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && (asked.includes("All") || asked.includes(entry[0])),
  );
  const names = input.MessageAttributeNames ?? [];
  const attributes = Object.fromEntries(
    Object.entries(message.attributes).filter(([name]) => names.some((one) => isAsked(one, name))),
  );
  const digest = attributesDigest(attributes);
  return {
    MessageId: message.id,
    ReceiptHandle: message.receiptHandle,
    MD5OfBody: bodyDigest(message.body),
    Body: message.body,
    ...(system.length > 0 && { Attributes: Object.fromEntries(system) }),
    ...(digest !== undefined && { MessageAttributes: attributes, MD5OfMessageAttributes: digest }),
  };
}

const systemAttributes = (message: StoredMessage): Record<string, string | undefined> => ({
  SenderId: message.senderId,
  SentTimestamp: String(message.sentAt),
  ApproximateReceiveCount: String(message.receiveCount),
  ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
  AWSTraceHeader: message.traceHeader,
  DeadLetterQueueSourceArn: message.deadLetterSource,
});

/** A name, `All` or `.*` for every attribute, or a prefix: `bar.*`. */
const isAsked = (asked: string, name: string): boolean =>
  asked === "All" || asked === name || (asked.endsWith(".*") && name.startsWith(asked.slice(0, -2)));

function checkBetween(name: string, value: number, least: number, most: number): void {
  if (value >= least && value <= most) return;
  const reason = `Value ${value} for parameter ${name} is invalid. Reason: Must be between ${least} and ${most}, if provided.`;
  throw new AwsError("InvalidParameterValue", reason);
}

/**
 * Moves a message that was received too often; it keeps its id and its send time.
 * @returns false without a dead-letter queue: then SQS keeps delivering the message
 */
function moveToDeadLetterQueue(aws: EmbeddedAws, queue: Queue, message: StoredMessage, arn: string): boolean {
  const deadLetters = findQueue(aws, arn);
  if (!deadLetters) return false;
  forget(message);
  queue.messages = queue.messages.filter((other) => other !== message);
  deadLetters.messages.push({
    ...message,
    deadLetterSource: queue.arn,
    receiveCount: 0,
    firstReceivedAt: undefined,
    visibleAt: aws.clock.now(),
    receiptHandle: undefined,
  });
  depthChanged(aws, deadLetters);
  return true;
}
