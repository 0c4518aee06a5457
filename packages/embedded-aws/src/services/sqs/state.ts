import type { MessageAttributeValue } from "@aws-sdk/client-sqs";
import { defineState, type EmbeddedAws, endpointOf } from "../../engine/embedded-aws.ts";
import { type Authorization, AwsError, type Call } from "../../engine/operation.ts";
import { throughKey } from "../kms/find-key.ts";

export interface StoredMessage {
  readonly id: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, MessageAttributeValue>>;
  readonly traceHeader: string | undefined;
  readonly sentAt: number;
  readonly senderId: string;
  /** The source queue of a message in a dead-letter queue. */
  readonly deadLetterSource: string | undefined;
  receiveCount: number;
  firstReceivedAt: number | undefined;
  /** When it becomes visible, in milliseconds. */
  visibleAt: number;
  /** Of the last receipt; undefined before the first. */
  receiptHandle: string | undefined;
  /** Cancels the timer that makes it visible again. */
  cancelTimer: (() => void) | undefined;
}

export interface Queue {
  readonly name: string;
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  readonly createdAt: number;
  modifiedAt: number;
  purgedAt: number | undefined;
  /** As set by the owner; others have SQS's defaults. */
  attributes: Record<string, string>;
  readonly tags: Map<string, string>;
  messages: StoredMessage[];
  /** Waiting long polls. */
  readonly waiting: Set<() => void>;
}

interface Queues {
  readonly byName: Map<string, Queue>;
  readonly deletedAt: Map<string, number>;
}

const queues = defineState("sqs queues", (): Queues => ({ byName: new Map(), deletedAt: new Map() }));

export const queuesOf = (aws: EmbeddedAws, account: string, region: string): Queues =>
  aws.state(queues, account, region);

export const queueUrl = (aws: EmbeddedAws, queue: Pick<Queue, "account" | "name">): string =>
  `${endpointOf(aws)}/${queue.account}/${queue.name}`;

export const queueArn = (aws: EmbeddedAws, account: string, region: string, name: string): string =>
  `arn:${aws.partition}:sqs:${region}:${account}:${name}`;

/** Account and name, which end every queue URL on any host. */
function placeOf(url: string | undefined): { account: string; name: string } {
  const place = /\/(\d{12})\/([A-Za-z0-9_-]+(?:\.fifo)?)\/?$/.exec(url ?? "");
  if (!place) throw new AwsError("InvalidAddress", `The address ${url} is not valid for this endpoint.`);
  return { account: place[1] ?? "", name: place[2] ?? "" };
}

export function requireQueue(call: Call, url: string | undefined): Queue {
  const { account, name } = placeOf(url);
  const queue = queuesOf(call.aws, account, call.region).byName.get(name);
  if (!queue) throw new AwsError("QueueDoesNotExist", "The specified queue does not exist.");
  return queue;
}

/** Undefined if the queue does not exist. */
export function findQueue(aws: EmbeddedAws, arn: string): Queue | undefined {
  const [, , , region = "", account = "", name = ""] = arn.split(":");
  return queuesOf(aws, account, region).byName.get(name);
}

/** An empty policy counts as none. */
export const policyOf = (queue: Queue | undefined): string | undefined => queue?.attributes.Policy || undefined;

/** Every operation on a queue is authorized on its ARN, with the queue's policy. */
export function onQueue(call: Call, url: string | undefined): Partial<Authorization>[] {
  const { account, name } = placeOf(url);
  const queue = queuesOf(call.aws, account, call.region).byName.get(name);
  return [
    {
      resources: [queueArn(call.aws, account, call.region, name)],
      resourcePolicy: policyOf(queue),
      owner: account,
    },
  ];
}

/**
 * The permissions that writers and readers need on a queue's key (SQS developer guide, "Key management", "Configuring
 * KMS permissions").
 */
export function onQueueKey(call: Call, url: string | undefined, actions: readonly string[]): Partial<Authorization>[] {
  const { account, name } = placeOf(url);
  const queue = queuesOf(call.aws, account, call.region).byName.get(name);
  const context = queue && { "kms:EncryptionContext:aws:sqs:arn": queue.arn };
  return throughKey(call, "sqs", queue?.attributes.KmsMasterKeyId, actions, context);
}
