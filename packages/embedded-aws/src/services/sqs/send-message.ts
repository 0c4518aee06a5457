import type * as Sdk from "@aws-sdk/client-sqs";
import { AwsError } from "../../engine/aws-error.ts";
import type { Operations } from "../../engine/operation.ts";
import { batchResult, checkBatch } from "./batch.ts";
import { enqueue, messageSize } from "./enqueue.ts";
import { onQueue, onQueueKey, requireQueue } from "./state.ts";

/** On the queue's key; Decrypt is for the data key that SQS keeps and uses again. */
const WRITING = ["GenerateDataKey", "Decrypt"];

const MOST_BATCH_BYTES = 1_048_576;

export const operations = {
  SendMessage: {
    authorize: ({ QueueUrl }, call) => [...onQueue(call, QueueUrl), ...onQueueKey(call, QueueUrl, WRITING)],
    run: ({ QueueUrl, ...sending }, call) => enqueue(call, requireQueue(call, QueueUrl), sending),
  },
  SendMessageBatch: {
    authorize: ({ QueueUrl }, call) => [
      ...onQueue(call, QueueUrl).map((asked) => ({ ...asked, action: "sqs:SendMessage" })),
      ...onQueueKey(call, QueueUrl, WRITING),
    ],
    run({ QueueUrl, Entries = [] }, call) {
      const queue = requireQueue(call, QueueUrl);
      checkBatch(Entries, "Send");
      const size = Entries.reduce((sum, entry) => sum + messageSize(entry), 0);
      if (size > MOST_BATCH_BYTES) {
        const reason = `Batch requests cannot be longer than ${MOST_BATCH_BYTES} bytes. You have sent ${size} bytes.`;
        throw new AwsError("BatchRequestTooLong", reason);
      }
      return batchResult(Entries, (entry) => {
        const { MD5OfMessageBody, MessageId, ...rest } = enqueue(call, queue, entry);
        return { Id: entry.Id, MD5OfMessageBody, MessageId, ...rest };
      });
    },
  },
} satisfies Operations<typeof Sdk>;
