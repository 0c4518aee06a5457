import type { MessageAttributeValue } from "@aws-sdk/client-sns";
import { matches } from "../events/pattern/matches.ts";
import type { Subscription } from "./state.ts";

interface Filtered {
  readonly attributes: Readonly<Record<string, MessageAttributeValue>>;
  readonly textFor: (protocol: string) => string;
}

/** Whether a subscription's filter policy lets a message through; a body that is no JSON object passes none. */
export function passes(subscription: Subscription, message: Filtered): boolean {
  if (!subscription.filter) return true;
  if (subscription.attributes.FilterPolicyScope !== "MessageBody") {
    return matches(subscription.filter, attributeValues(message.attributes));
  }
  try {
    return matches(subscription.filter, JSON.parse(message.textFor(subscription.protocol)));
  } catch {
    return false;
  }
}

/** Attributes as JSON values: numbers compare as numbers, lists by their elements; binary ones can't be filtered on. */
function attributeValues(attributes: Filtered["attributes"]): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [name, { DataType = "", StringValue = "" }] of Object.entries(attributes)) {
    if (DataType.startsWith("Number")) values[name] = Number(StringValue);
    else if (DataType === "String.Array") values[name] = parseList(StringValue);
    else if (DataType.startsWith("String")) values[name] = StringValue;
  }
  return values;
}

function parseList(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
