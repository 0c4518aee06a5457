import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { recordMetric } from "../monitoring/record-metric.ts";
import { numberOf } from "./queue-attributes.ts";
import type { Queue, StoredMessage } from "./state.ts";

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
