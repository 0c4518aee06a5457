import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { defineState } from "../../engine/state.ts";
import type { Topic } from "./state.ts";

/** A message that SNS would send to an external address: nothing leaves this machine. */
export interface Sent {
  readonly protocol: string;
  readonly endpoint: string;
  /** An e-mail's kind, or an HTTPS request's `x-amz-sns-message-type`. */
  readonly kind: "Notification" | "SubscriptionConfirmation";
  readonly subject: string | undefined;
  readonly body: string;
}

/** External addresses must confirm before they get messages, because any caller can name one. */
export const isOutside = (protocol: string): boolean => protocol.startsWith("email") || protocol === "https";

/** Older ones are dropped. */
const MOST_KEPT = 1_000;

const outbox = defineState("sns outbox", (): Sent[] => []);

/** Messages from a region's topics to external addresses, oldest first. */
export const sentFrom = (aws: EmbeddedAws, { account, region }: Pick<Topic, "account" | "region">): readonly Sent[] =>
  aws.state(outbox, account, region);

export function keepSent(aws: EmbeddedAws, { account, region }: Topic, sent: Sent): void {
  const kept = aws.state(outbox, account, region);
  kept.push(sent);
  kept.splice(0, kept.length - MOST_KEPT);
}
