import { AwsError } from "../../engine/operation.ts";
import type { Pattern } from "../events/pattern/matches.ts";
import { parsePattern } from "../events/pattern/parse-pattern.ts";
import { invalid, type Subscription } from "./state.ts";

const SETTABLE = ["FilterPolicy", "FilterPolicyScope", "RawMessageDelivery", "RedrivePolicy", "DeliveryPolicy"];

/** Refuses unknown attributes and invalid values. */
export function checkSubscriptionAttributes(attributes: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (!SETTABLE.includes(name)) throw invalid("AttributeName");
    if (value === "") continue;
    if (name === "RawMessageDelivery" && !/^(true|false)$/i.test(value)) {
      throw invalid("Attributes Reason: RawMessageDelivery: Invalid value [must be true or false].");
    }
    if (name === "FilterPolicyScope" && value !== "MessageAttributes" && value !== "MessageBody") {
      throw invalid(
        `Attributes Reason: FilterPolicyScope: Invalid value [${value}]. Please use either MessageBody or MessageAttributes`,
      );
    }
    if (name === "RedrivePolicy") deadLetterQueue(value);
  }
}

/** The filter policy as a pattern; undefined: all messages pass. */
export function filterOf({ FilterPolicy }: Readonly<Record<string, string>>): Pattern | undefined {
  if (!FilterPolicy || FilterPolicy === "{}") return undefined;
  try {
    return parsePattern(FilterPolicy);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw invalid(
      `Attributes Reason: FilterPolicy: ${error.message.replace("Event pattern is not valid. Reason: ", "")}`,
    );
  }
}

/** Without empty attributes; removing a filter also removes its scope. */
export function keptAttributes(attributes: Readonly<Record<string, string>>): Record<string, string> {
  const emptied = Object.entries(attributes).filter(([name, value]) => value === "" || isEmptyFilter(name, value));
  const gone = new Set(emptied.flatMap(([name]) => (name === "FilterPolicy" ? [name, "FilterPolicyScope"] : [name])));
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => !gone.has(name)));
}

const isEmptyFilter = (name: string, value: string): boolean => name === "FilterPolicy" && value === "{}";

/** The queue for a subscription's undeliverable messages; undefined if it has none. */
export function deadLetterQueue(redrivePolicy: string | undefined): string | undefined {
  if (!redrivePolicy) return undefined;
  try {
    const { deadLetterTargetArn } = JSON.parse(redrivePolicy) as { deadLetterTargetArn?: unknown };
    if (typeof deadLetterTargetArn === "string" && /^arn:[\w-]+:sqs:/.test(deadLetterTargetArn))
      return deadLetterTargetArn;
  } catch {
    // Refused below, like a policy without a queue.
  }
  throw invalid("RedrivePolicy: deadLetterTargetArn is an invalid arn");
}

export function shownSubscriptionAttributes(subscription: Subscription): Record<string, string> {
  const { FilterPolicyScope = "MessageAttributes", ...others } = subscription.attributes;
  return {
    SubscriptionArn: subscription.arn,
    TopicArn: subscription.topicArn,
    Owner: subscription.owner,
    Protocol: subscription.protocol,
    Endpoint: subscription.endpoint,
    PendingConfirmation: String(!subscription.confirmed),
    ConfirmationWasAuthenticated: String(subscription.confirmed),
    RawMessageDelivery: "false",
    ...(others.FilterPolicy && { FilterPolicyScope }),
    ...others,
  };
}
