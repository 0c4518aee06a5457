import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { defineState } from "../../engine/state.ts";
import type { Topic } from "./state.ts";

/** What SNS would send to an address that is not AWS's: nothing leaves the machine. */
export interface Sent {
  readonly protocol: string;
  readonly endpoint: string;
  /** Of an e-mail, or in an HTTPS request's `x-amz-sns-message-type`. */
  readonly kind: "Notification" | "SubscriptionConfirmation";
  readonly subject: string | undefined;
  readonly body: string;
}

/** Addresses outside AWS are asked before they get anything: anybody can name one. */
export const isOutside = (protocol: string): boolean => protocol.startsWith("email") || protocol === "https";

/** Older ones are forgotten. */
const MOST_KEPT = 1_000;

const outbox = defineState("sns outbox", (): Sent[] => []);

/** What was sent on behalf of a region's topics, oldest first. */
export const sentFrom = (aws: EmbeddedAws, { account, region }: Pick<Topic, "account" | "region">): readonly Sent[] =>
  aws.state(outbox, account, region);

export function keepSent(aws: EmbeddedAws, { account, region }: Topic, sent: Sent): void {
  const kept = aws.state(outbox, account, region);
  kept.push(sent);
  kept.splice(0, kept.length - MOST_KEPT);
}
