import type * as Sdk from "@aws-sdk/client-sqs";
import { AwsError, type Operations } from "../../engine/operation.ts";
import { checkedAttributes, counts, depthChanged, forget, shownAttributes } from "./queue-attributes.ts";
import { onQueue, policyOf, type Queue, queueArn, queuesOf, queueUrl, requireQueue } from "./state.ts";

const REUSE_AFTER_MS = 60_000;
const PURGE_EVERY_MS = 60_000;

/** Valid attributes without a default. */
const OPTIONAL = [
  "Policy",
  "RedrivePolicy",
  "RedriveAllowPolicy",
  "KmsMasterKeyId",
  "KmsDataKeyReusePeriodSeconds",
  "FifoQueue",
  "ContentBasedDeduplication",
];

export const operations = {
  /** Creates a queue, or answers the existing one if its attributes are the same. */
  CreateQueue: {
    authorize: ({ QueueName = "" }, { aws, account, region }) => [
      { resources: [queueArn(aws, account, region, QueueName)] },
    ],
    run({ QueueName = "", Attributes = {}, tags = {} }, { aws, account, region }) {
      if (QueueName.endsWith(".fifo")) {
        throw new AwsError("NotImplemented", `FIFO queues (${QueueName}) are not built in the embedded AWS`);
      }
      if (!/^[A-Za-z0-9_-]{1,80}$/.test(QueueName)) {
        throw new AwsError(
          "InvalidParameterValue",
          "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length",
        );
      }
      const attributes = checkedAttributes(Attributes);
      const { byName, deletedAt } = queuesOf(aws, account, region);
      const existing = byName.get(QueueName);
      if (existing) {
        refuseOther(existing, attributes);
        return { QueueUrl: queueUrl(aws, existing) };
      }
      const now = aws.clock.now();
      if (now - (deletedAt.get(QueueName) ?? -REUSE_AFTER_MS) < REUSE_AFTER_MS) {
        const reason =
          "You must wait 60 seconds after deleting a queue before you can create another with the same name.";
        throw new AwsError("QueueDeletedRecently", reason);
      }
      const queue: Queue = {
        name: QueueName,
        arn: queueArn(aws, account, region, QueueName),
        account,
        region,
        createdAt: now,
        modifiedAt: now,
        purgedAt: undefined,
        attributes,
        tags: new Map(Object.entries(tags)),
        messages: [],
        waiting: new Set(),
      };
      byName.set(QueueName, queue);
      return { QueueUrl: queueUrl(aws, queue) };
    },
  },
  GetQueueUrl: {
    authorize({ QueueName = "", QueueOwnerAWSAccountId }, { aws, account, region }) {
      const owner = QueueOwnerAWSAccountId ?? account;
      const queue = queuesOf(aws, owner, region).byName.get(QueueName);
      const resources = [queueArn(aws, owner, region, QueueName)];
      return [{ resources, resourcePolicy: policyOf(queue), owner }];
    },
    run({ QueueName = "", QueueOwnerAWSAccountId }, { aws, account, region }) {
      const queue = queuesOf(aws, QueueOwnerAWSAccountId ?? account, region).byName.get(QueueName);
      if (!queue) throw new AwsError("QueueDoesNotExist", "The specified queue does not exist.");
      return { QueueUrl: queueUrl(aws, queue) };
    },
  },
  ListQueues: {
    list: "QueueUrls",
    authorize: (_, { aws, account, region }) => [{ resources: [queueArn(aws, account, region, "*")] }],
    run({ QueueNamePrefix = "" }, { aws, account, region }) {
      const urls = [...queuesOf(aws, account, region).byName.values()]
        .filter((queue) => queue.name.startsWith(QueueNamePrefix))
        .map((queue) => queueUrl(aws, queue));
      return { QueueUrls: urls };
    },
  },
  DeleteQueue: {
    authorize: ({ QueueUrl }, call) => onQueue(call, QueueUrl),
    run({ QueueUrl }, call) {
      const queue = requireQueue(call, QueueUrl);
      for (const message of queue.messages) forget(message);
      const { byName, deletedAt } = queuesOf(call.aws, queue.account, queue.region);
      byName.delete(queue.name);
      deletedAt.set(queue.name, call.aws.clock.now());
    },
  },
  PurgeQueue: {
    authorize: ({ QueueUrl }, call) => onQueue(call, QueueUrl),
    run({ QueueUrl }, call) {
      const queue = requireQueue(call, QueueUrl);
      const now = call.aws.clock.now();
      if (queue.purgedAt !== undefined && now - queue.purgedAt < PURGE_EVERY_MS) {
        const reason = `Only one PurgeQueue operation on ${queue.name} is allowed every 60 seconds.`;
        throw new AwsError("PurgeQueueInProgress", reason);
      }
      queue.purgedAt = now;
      for (const message of queue.messages) forget(message);
      queue.messages = [];
      depthChanged(call.aws, queue);
    },
  },
  GetQueueAttributes: {
    authorize: ({ QueueUrl }, call) => onQueue(call, QueueUrl),
    run({ QueueUrl, AttributeNames = [] }, call) {
      const queue = requireQueue(call, QueueUrl);
      const { visible, inFlight, delayed } = counts(queue, call.aws.clock.now());
      const all: Record<string, string> = {
        ...shownAttributes(queue),
        ApproximateNumberOfMessages: String(visible),
        ApproximateNumberOfMessagesNotVisible: String(inFlight),
        ApproximateNumberOfMessagesDelayed: String(delayed),
      };
      const names: readonly string[] = AttributeNames;
      const unknown = names.find((name) => name !== "All" && !(name in all) && !OPTIONAL.includes(name));
      if (unknown !== undefined) throw new AwsError("InvalidAttributeName", `Unknown Attribute ${unknown}.`);
      const asked = Object.entries(all).filter(([name]) => names.includes("All") || names.includes(name));
      return { Attributes: Object.fromEntries(asked) };
    },
  },
  SetQueueAttributes: {
    authorize: ({ QueueUrl }, call) => onQueue(call, QueueUrl),
    run({ QueueUrl, Attributes = {} }, call) {
      const queue = requireQueue(call, QueueUrl);
      queue.attributes = { ...queue.attributes, ...checkedAttributes(Attributes) };
      queue.modifiedAt = call.aws.clock.now();
    },
  },
} satisfies Operations<typeof Sdk>;

function refuseOther(existing: Queue, asked: Readonly<Record<string, string>>): void {
  const shown = shownAttributes(existing);
  const different = Object.entries(asked).find(([name, value]) => value !== (shown[name] ?? ""));
  if (different) {
    throw new AwsError(
      "QueueNameExists",
      `A queue already exists with the same name and a different value for attribute ${different[0]}`,
    );
  }
}
