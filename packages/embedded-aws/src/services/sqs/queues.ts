import type * as Sdk from "@aws-sdk/client-sqs";
import { AwsError } from "../../engine/aws-error.ts";
import type { Operations } from "../../engine/operation.ts";
import { depthChanged, forget } from "./queue-depth.ts";
import { onQueue, queueArn, queuesOf, queueUrl, requireQueue } from "./state.ts";

const PURGE_EVERY_MS = 60_000;

export const operations = {
  GetQueueUrl: {
    authorize({ QueueName = "", QueueOwnerAWSAccountId }, { aws, account, region }) {
      const owner = QueueOwnerAWSAccountId ?? account;
      const queue = queuesOf(aws, owner, region).byName.get(QueueName);
      const resources = [queueArn(aws, owner, region, QueueName)];
      return [{ resources, resourcePolicy: queue?.attributes.Policy, owner }];
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
      return {};
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
      return {};
    },
  },
} satisfies Operations<typeof Sdk>;
