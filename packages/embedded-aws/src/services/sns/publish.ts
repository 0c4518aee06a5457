import type * as Sdk from "@aws-sdk/client-sns";
import { AwsError, type Operations } from "../../engine/operation.ts";
import { matches } from "../events/pattern/matches.ts";
import { throughKey } from "../kms/find-key.ts";
import { deliver } from "./deliver.ts";
import type { Published } from "./notification.ts";
import { findTopic, invalid, onTopic, requireTopic, type Subscription, type Topic } from "./state.ts";
import { mostBytes } from "./topic-attributes.ts";

/** Roughly the time from Publish to a subscriber. */
const LATENCY_MS = 50;
const MOST_SUBJECT = 100;

export const operations = {
  Publish: {
    // The topic's key is used with the publisher's permissions (SNS developer guide, "Managing encryption keys and
    // costs").
    authorize({ TopicArn, TargetArn }, call) {
      const topic = findTopic(call.aws, TopicArn ?? TargetArn);
      const key = topic?.attributes.KmsMasterKeyId;
      return [
        ...onTopic(call, TopicArn ?? TargetArn),
        ...throughKey({ ...call, region: topic?.region ?? call.region }, "sns", key, ["GenerateDataKey", "Decrypt"]),
      ];
    },
    run(input, { aws }) {
      if (input.PhoneNumber !== undefined) {
        throw new AwsError("NotImplemented", "sns:Publish to a phone number is not built in the embedded AWS");
      }
      const topic = requireTopic(aws, input.TopicArn ?? input.TargetArn);
      check(input, topic);
      const message: Published = {
        id: aws.uuid(),
        topic,
        subject: input.Subject,
        attributes: input.MessageAttributes ?? {},
        publishedAt: aws.clock.now(),
        textFor: textFor(input),
      };
      for (const subscription of topic.subscriptions.values()) {
        if (!subscription.confirmed || !passes(subscription, message)) continue;
        aws.clock.after(LATENCY_MS, () => deliver(aws, subscription, message));
      }
      return { MessageId: message.id };
    },
  },
} satisfies Operations<typeof Sdk>;

function check({ Message, Subject, MessageAttributes = {} }: Sdk.PublishInput, topic: Topic): void {
  if (!Message) throw invalid("Empty message");
  if (Subject !== undefined) checkSubject(Subject);
  let size = Buffer.byteLength(Message);
  for (const [name, { DataType = "", StringValue = "", BinaryValue }] of Object.entries(MessageAttributes)) {
    if (!/^(String|String\.Array|Number|Binary)(\..+)?$/.test(DataType)) {
      throw new AwsError(
        "InvalidParameterValueException",
        `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
      );
    }
    if (DataType.startsWith("Binary") ? !BinaryValue?.length : StringValue === "") {
      throw new AwsError(
        "InvalidParameterValueException",
        `The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${DataType}'.`,
      );
    }
    size +=
      Buffer.byteLength(name) +
      Buffer.byteLength(DataType) +
      Buffer.byteLength(StringValue) +
      (BinaryValue?.length ?? 0);
  }
  if (size > mostBytes(topic)) throw invalid("Message too long");
}

/**
 * Up to 100 printable ASCII characters, beginning with a letter, number or punctuation mark (Publish API reference).
 */
function checkSubject(subject: string): void {
  if (subject.length > MOST_SUBJECT || !/^[\x21-\x7e][\x20-\x7e]*$/.test(subject)) throw invalid("Subject");
}

function textFor({ Message = "", MessageStructure }: Sdk.PublishInput): Published["textFor"] {
  if (MessageStructure === undefined) return () => Message;
  if (MessageStructure !== "json") throw invalid("Invalid MessageStructure");
  const texts = parseStructure(Message);
  if (typeof texts.default !== "string") throw invalid("Message Structure - No default entry in JSON message body");
  const usual = texts.default;
  return (protocol) => (typeof texts[protocol] === "string" ? texts[protocol] : usual);
}

function parseStructure(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    throw invalid("Message Structure - JSON message body failed to parse");
  }
}

interface Filtered {
  readonly attributes: Readonly<Record<string, Sdk.MessageAttributeValue>>;
  readonly textFor: (protocol: string) => string;
}

/** Whether a message passes a subscription's filter policy; a body that is not a JSON object never does. */
function passes(subscription: Subscription, message: Filtered): boolean {
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

/** Attributes as JSON values: numbers compare as numbers, lists by their elements; binary ones cannot be filtered. */
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
