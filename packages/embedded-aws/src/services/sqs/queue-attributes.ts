import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { AwsError } from "../../engine/operation.ts";
import { recordMetric } from "../monitoring/record-metric.ts";
import type { Queue, StoredMessage } from "./state.ts";

/** Limits and defaults (CreateQueue API reference); seconds, and bytes for MaximumMessageSize. */
const NUMBERS = {
  DelaySeconds: { least: 0, most: 900, usual: 0 },
  MaximumMessageSize: { least: 1_024, most: 1_048_576, usual: 1_048_576 },
  MessageRetentionPeriod: { least: 60, most: 1_209_600, usual: 345_600 },
  ReceiveMessageWaitTimeSeconds: { least: 0, most: 20, usual: 0 },
  VisibilityTimeout: { least: 0, most: 43_200, usual: 30 },
  KmsDataKeyReusePeriodSeconds: { least: 60, most: 86_400, usual: 300 },
} as const;

type NumberAttribute = keyof typeof NUMBERS;

const TEXTS = ["Policy", "RedrivePolicy", "RedriveAllowPolicy", "KmsMasterKeyId", "SqsManagedSseEnabled"];

/** A queue's numeric attribute, set or default. */
export const numberOf = (queue: Queue, name: NumberAttribute): number =>
  Number(queue.attributes[name] ?? NUMBERS[name].usual);

interface RedrivePolicy {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

export const redrivePolicyOf = (queue: Queue): RedrivePolicy | undefined =>
  parseRedrive(queue.attributes.RedrivePolicy);

/** Validates as SQS does; an empty Policy or RedrivePolicy removes it. */
export function checkedAttributes(attributes: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const checked: Record<string, string> = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined) continue;
    if (/Fifo|ContentBased|Deduplication|Throughput/.test(name)) {
      throw new AwsError("NotImplemented", `FIFO queues (attribute ${name}) are not built in the embedded AWS`);
    }
    if (name in NUMBERS) checkNumber(name as NumberAttribute, value);
    else if (!TEXTS.includes(name)) throw new AwsError("InvalidAttributeName", `Unknown Attribute ${name}.`);
    else if (name !== "KmsMasterKeyId" && value !== "") checkJson(name, value);
    if (name === "RedrivePolicy" && value !== "") parseRedrive(value);
    checked[name] = value;
  }
  return checked;
}

function checkNumber(name: NumberAttribute, value: string): void {
  const { least, most } = NUMBERS[name];
  if (!/^\d+$/.test(value) || Number(value) < least || Number(value) > most) throw invalid(name);
}

function checkJson(name: string, value: string): void {
  try {
    JSON.parse(value);
  } catch {
    throw invalid(name);
  }
}

function parseRedrive(text: string | undefined): RedrivePolicy | undefined {
  if (!text) return undefined;
  const policy = JSON.parse(text) as { deadLetterTargetArn?: unknown; maxReceiveCount?: unknown };
  const maxReceiveCount = Number(policy.maxReceiveCount);
  if (typeof policy.deadLetterTargetArn !== "string") {
    throw new AwsError(
      "InvalidAttributeValue",
      `Value ${text} for parameter RedrivePolicy is invalid. Reason: Redrive policy does not contain mandatory attribute: deadLetterTargetArn.`,
    );
  }
  if (!Number.isInteger(maxReceiveCount) || maxReceiveCount < 1 || maxReceiveCount > 1_000) {
    throw new AwsError(
      "InvalidAttributeValue",
      `Value ${text} for parameter RedrivePolicy is invalid. Reason: Invalid value for maxReceiveCount: ${policy.maxReceiveCount}, valid values are from 1 to 1000 both inclusive.`,
    );
  }
  return { deadLetterTargetArn: policy.deadLetterTargetArn, maxReceiveCount };
}

const invalid = (name: string): AwsError =>
  new AwsError("InvalidAttributeValue", `Invalid value for the parameter ${name}.`);

/** A queue's attributes as in GetQueueAttributes, without the counts. */
export function shownAttributes(queue: Queue): Record<string, string> {
  const { KmsDataKeyReusePeriodSeconds: _, ...usual } = NUMBERS;
  const numbers = Object.entries(usual).map(([name, bound]) => [name, queue.attributes[name] ?? String(bound.usual)]);
  const managed = queue.attributes.KmsMasterKeyId ? "false" : "true";
  return {
    QueueArn: queue.arn,
    CreatedTimestamp: String(Math.floor(queue.createdAt / 1_000)),
    LastModifiedTimestamp: String(Math.floor(queue.modifiedAt / 1_000)),
    SqsManagedSseEnabled: managed,
    ...Object.fromEntries(numbers),
    ...Object.fromEntries(Object.entries(queue.attributes).filter(([, value]) => value !== "")),
  };
}

/** The number of messages that are visible, in flight, or delayed. */
export function counts(queue: Queue, now: number): { visible: number; inFlight: number; delayed: number } {
  dropExpired(queue, now);
  const hidden = queue.messages.filter((message) => message.visibleAt > now);
  const delayed = hidden.filter((message) => message.receiveCount === 0).length;
  return { visible: queue.messages.length - hidden.length, inFlight: hidden.length - delayed, delayed };
}

/** Removes messages older than the queue's retention. */
export function dropExpired(queue: Queue, now: number): void {
  const oldest = now - numberOf(queue, "MessageRetentionPeriod") * 1_000;
  if (queue.messages.some((message) => message.sentAt <= oldest)) {
    for (const message of queue.messages) if (message.sentAt <= oldest) forget(message);
    queue.messages = queue.messages.filter((message) => message.sentAt > oldest);
  }
}

/** After every change: wakes the long polls and records the number of visible messages in CloudWatch. */
export function depthChanged(aws: EmbeddedAws, queue: Queue): void {
  const { visible } = counts(queue, aws.clock.now());
  if (visible > 0) for (const wake of [...queue.waiting]) wake();
  recordMetric(aws, queue.account, queue.region, {
    namespace: "AWS/SQS",
    metricName: "ApproximateNumberOfMessagesVisible",
    dimensions: { QueueName: queue.name },
    value: visible,
    lasting: true,
  });
}

/** Hides a message until `visibleAt`. */
export function hideUntil(aws: EmbeddedAws, queue: Queue, message: StoredMessage, visibleAt: number): void {
  forget(message);
  message.visibleAt = visibleAt;
  const wait = visibleAt - aws.clock.now();
  if (wait > 0) message.cancelTimer = aws.clock.after(wait, () => depthChanged(aws, queue));
}

/** Cancels a message's timer. */
export function forget(message: StoredMessage): void {
  message.cancelTimer?.();
  message.cancelTimer = undefined;
}
