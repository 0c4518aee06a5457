import type * as Sdk from "@aws-sdk/client-sqs";
import { AwsError } from "../../engine/aws-error.ts";
import type { Operations } from "../../engine/operation.ts";
import { checkedAttributes, shownAttributes } from "./queue-attributes.ts";
import { type Queue, queueArn, queuesOf, queueUrl } from "./state.ts";

const REUSE_AFTER_MS = 60_000;

export const operations = {
  /** Makes a queue, or answers with the one of that name if its attributes are the same. */
  CreateQueue: {
    authorize: ({ QueueName = "" }, { aws, account, region }) => [
      { resources: [queueArn(aws, account, region, QueueName)] },
    ],
    run({ QueueName = "", Attributes = {} }, { aws, account, region }) {
      if (QueueName.endsWith(".fifo")) {
        throw new AwsError("NotImplemented", `FIFO queues (${QueueName}) are not built in the embedded AWS`);
      }
      if (!/^[A-Za-z0-9_-]{1,80}$/.test(QueueName)) {
        throw new AwsError(
          "InvalidParameterValue",
          "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length",
          { status: 400 },
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
        messages: [],
        waiting: new Set(),
      };
      byName.set(QueueName, queue);
      return { QueueUrl: queueUrl(aws, queue) };
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
