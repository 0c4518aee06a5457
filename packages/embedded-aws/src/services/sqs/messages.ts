import type * as Sdk from "@aws-sdk/client-sqs";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { AwsError, type Operations } from "../../engine/operation.ts";
import { enqueue, messageSize } from "./enqueue.ts";
import { depthChanged, forget, hideUntil } from "./queue-attributes.ts";
import { onQueue, onQueueKey, type Queue, requireQueue, type StoredMessage } from "./state.ts";

interface Entry {
  readonly Id: string | undefined;
}

const MOST_ENTRIES = 10;

/** Actions on the queue's key; Decrypt is for the data key, which SQS caches. */
const WRITING = ["GenerateDataKey", "Decrypt"];
const MOST_BATCH_BYTES = 1_048_576;
const MOST_SECONDS = 43_200;

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
  DeleteMessage: {
    authorize: ({ QueueUrl }, call) => onQueue(call, QueueUrl),
    run({ QueueUrl, ReceiptHandle }, call) {
      remove(call.aws, requireQueue(call, QueueUrl), ReceiptHandle);
    },
  },
  DeleteMessageBatch: {
    authorize: ({ QueueUrl }, call) =>
      onQueue(call, QueueUrl).map((asked) => ({ ...asked, action: "sqs:DeleteMessage" })),
    run({ QueueUrl, Entries = [] }, call) {
      const queue = requireQueue(call, QueueUrl);
      checkBatch(Entries, "Delete");
      return batchResult(Entries, ({ Id, ReceiptHandle }) => {
        remove(call.aws, queue, ReceiptHandle);
        return { Id };
      });
    },
  },
  ChangeMessageVisibility: {
    authorize: ({ QueueUrl }, call) => onQueue(call, QueueUrl),
    run({ QueueUrl, ReceiptHandle, VisibilityTimeout = 0 }, call) {
      const queue = requireQueue(call, QueueUrl);
      const now = call.aws.clock.now();
      const message = received(queue, ReceiptHandle);
      if (VisibilityTimeout < 0 || VisibilityTimeout > MOST_SECONDS) {
        const reason = `Value ${VisibilityTimeout} for parameter VisibilityTimeout is invalid. Reason: Must be between 0 and ${MOST_SECONDS}.`;
        throw new AwsError("InvalidParameterValue", reason);
      }
      if (!message || message.visibleAt <= now) {
        throw new AwsError("MessageNotInflight", "The message referred to isn't in flight.");
      }
      hideUntil(call.aws, queue, message, now + VisibilityTimeout * 1_000);
      depthChanged(call.aws, queue);
    },
  },
} satisfies Operations<typeof Sdk>;

/** One to ten entries with distinct ids (SQS API reference). */
function checkBatch(entries: readonly Entry[], verb: string): void {
  if (entries.length === 0) {
    throw new AwsError(
      "EmptyBatchRequest",
      `There should be at least one ${verb}MessageBatchRequestEntry in the request.`,
    );
  }
  if (entries.length > MOST_ENTRIES) {
    const reason = `Maximum number of entries per request are ${MOST_ENTRIES}. You have sent ${entries.length}.`;
    throw new AwsError("TooManyEntriesInBatchRequest", reason);
  }
  const invalid = entries.find(({ Id }) => !/^[A-Za-z0-9_-]{1,80}$/.test(Id ?? ""));
  if (invalid) {
    const reason =
      "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.";
    throw new AwsError("InvalidBatchEntryId", reason);
  }
  const repeated = entries.find(({ Id }, at) => entries.findIndex((other) => other.Id === Id) !== at);
  if (repeated) throw new AwsError("BatchEntryIdsNotDistinct", `Id ${repeated.Id} repeated.`);
}

/** Processes each entry separately: a failed entry does not stop the others. */
function batchResult<E extends Entry, R>(entries: readonly E[], act: (entry: E) => R) {
  const Successful: R[] = [];
  const Failed: Sdk.BatchResultErrorEntry[] = [];
  for (const entry of entries) {
    try {
      Successful.push(act(entry));
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      Failed.push({ Id: entry.Id, SenderFault: true, Code: error.code, Message: error.message });
    }
  }
  return { Successful, Failed };
}

/** A handle of an earlier receipt is accepted and has no effect, as in a standard queue. */
function remove(aws: EmbeddedAws, queue: Queue, handle: string | undefined): void {
  const message = received(queue, handle);
  if (!message) return;
  forget(message);
  queue.messages = queue.messages.filter((other) => other !== message);
  depthChanged(aws, queue);
}

function received(queue: Queue, handle: string | undefined): StoredMessage | undefined {
  if (!/^[0-9a-f-]{36} \d+$/.test(Buffer.from(handle ?? "", "base64").toString())) {
    throw new AwsError("ReceiptHandleIsInvalid", `The input receipt handle "${handle}" is not a valid receipt handle.`);
  }
  return queue.messages.find((message) => message.receiptHandle === handle);
}
