import type * as Sdk from "@aws-sdk/client-sqs";
import { AwsError } from "../../engine/aws-error.ts";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import type { Operations } from "../../engine/operation.ts";
import { batchResult, checkBatch } from "./batch.ts";
import { depthChanged, forget, hideUntil } from "./queue-depth.ts";
import { onQueue, type Queue, requireQueue, type StoredMessage } from "./state.ts";

const MOST_SECONDS = 43_200;

export const operations = {
  DeleteMessage: {
    authorize: ({ QueueUrl }, call) => onQueue(call, QueueUrl),
    run({ QueueUrl, ReceiptHandle }, call) {
      remove(call.aws, requireQueue(call, QueueUrl), ReceiptHandle);
      return {};
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
        throw new AwsError("InvalidParameterValue", reason, { status: 400 });
      }
      if (!message || message.visibleAt <= now) {
        throw new AwsError("MessageNotInflight", "The message referred to isn't in flight.");
      }
      hideUntil(call.aws, queue, message, now + VisibilityTimeout * 1_000);
      depthChanged(call.aws, queue);
      return {};
    },
  },
} satisfies Operations<typeof Sdk>;

/** A handle of an earlier receipt is accepted and changes nothing, as in a standard queue. */
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
