import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { depthChanged, forget } from "./queue-depth.ts";
import { findQueue, type Queue, type StoredMessage } from "./state.ts";

/**
 * Moves a message that was received too often; it keeps its id and the time it was sent.
 * @returns false where there is no dead-letter queue: then SQS keeps delivering the message.
 */
export function moveToDeadLetterQueue(aws: EmbeddedAws, queue: Queue, message: StoredMessage, arn: string): boolean {
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
