import { describe, expect, it } from "vitest";
import type { Authorizer } from "../../src/engine/authorizer.ts";
import { AwsError, type Operation } from "../../src/engine/operation.ts";
import { ACCOUNT, newEvents, REGION, START } from "../events/new-events.ts";

const TOPIC = `arn:aws:sns:${REGION}:${ACCOUNT}:notices`;
const QUEUE = `arn:aws:sqs:${REGION}:${ACCOUNT}:queue`;
const QUEUE_URL = `http://127.0.0.1:4566/${ACCOUNT}/queue`;

async function newTopic(Attributes?: Record<string, string>, authorizer?: Authorizer) {
  const embedded = newEvents({}, authorizer);
  const { clock, sns, sqs } = embedded;
  await sns("CreateTopic", { Name: "notices" });
  await sqs("CreateQueue", { QueueName: "queue" });
  if (Attributes) await sns("Subscribe", { TopicArn: TOPIC, Protocol: "sqs", Endpoint: QUEUE, Attributes });
  const received = async () => {
    await clock.runUntil(clock.now() + 60_000);
    const asked = { QueueUrl: QUEUE_URL, MaxNumberOfMessages: 10, MessageAttributeNames: ["All"] };
    const { Messages = [] } = await sqs<{ Messages?: { Body: string; MessageAttributes?: object }[] }>(
      "ReceiveMessage",
      asked,
    );
    return Messages;
  };
  return { ...embedded, received, publish: (input: object) => sns("Publish", { TopicArn: TOPIC, ...input }) };
}

describe("a message to a topic", () => {
  it("comes to a subscribed queue in an envelope", async () => {
    const { publish, received } = await newTopic({});
    const MessageAttributes = { image: { DataType: "String", StringValue: "al2023-base" } };

    const { MessageId } = await publish({ Message: "moved", Subject: "Channel moved", MessageAttributes });

    const [message] = await received();
    expect(JSON.parse(message?.Body ?? "")).toMatchObject({
      Type: "Notification",
      MessageId,
      TopicArn: TOPIC,
      Subject: "Channel moved",
      Message: "moved",
      Timestamp: "2026-04-01T08:00:00.000Z",
      MessageAttributes: { image: { Type: "String", Value: "al2023-base" } },
    });
  });

  it("is delivered unchanged to a queue with raw delivery", async () => {
    const { publish, received } = await newTopic({ RawMessageDelivery: "true" });
    const MessageAttributes = { image: { DataType: "String", StringValue: "al2023-base" } };

    await publish({ Message: "moved", MessageAttributes });

    expect(await received()).toMatchObject([{ Body: "moved", MessageAttributes }]);
  });

  it("is delivered only if the filter policy matches: attributes, or the body", async () => {
    const FilterPolicy = JSON.stringify({ severity: [{ numeric: [">=", 3] }] });
    const raw = { RawMessageDelivery: "true", FilterPolicy };
    const byAttributes = await newTopic(raw);
    const byBody = await newTopic({ ...raw, FilterPolicyScope: "MessageBody" });
    const severity = (value: number) => ({ severity: { DataType: "Number", StringValue: String(value) } });

    await byAttributes.publish({ Message: "low", MessageAttributes: severity(2) });
    await byAttributes.publish({ Message: "high", MessageAttributes: severity(4) });
    await byBody.publish({ Message: '{"severity":2}' });
    await byBody.publish({ Message: '{"severity":4}' });
    await byBody.publish({ Message: "no object" });

    expect((await byAttributes.received()).map(({ Body }) => Body)).toEqual(["high"]);
    expect((await byBody.received()).map(({ Body }) => Body)).toEqual(['{"severity":4}']);
  });

  it("comes to a function as a record", async () => {
    const payloads: unknown[] = [];
    const run = ({ Payload }: { Payload: Uint8Array }) => payloads.push(JSON.parse(Buffer.from(Payload).toString()));
    const { clock, sns } = newEvents({ lambda: { Invoke: { run } as Operation } });
    await sns("CreateTopic", { Name: "notices" });
    const Endpoint = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:notify`;
    await sns("Subscribe", { TopicArn: TOPIC, Protocol: "lambda", Endpoint });

    await sns("Publish", { TopicArn: TOPIC, Message: "moved" });
    await clock.runUntil(START + 60_000);

    expect(payloads).toMatchObject([
      { Records: [{ EventSource: "aws:sns", Sns: { Message: "moved", TopicArn: TOPIC } }] },
    ]);
  });

  it("is sent on the topic's behalf, and parked where the queue's policy does not let it in", async () => {
    const authorizer: Authorizer = {
      authorize({ principal }, { resources }) {
        if (principal.kind === "service" && resources[0] === QUEUE) {
          expect(principal).toMatchObject({ service: "sns.amazonaws.com", sourceArn: TOPIC });
          throw new AwsError("AccessDenied", "no", { status: 403 });
        }
      },
    };
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: `arn:aws:sqs:${REGION}:${ACCOUNT}:dead` });
    const { publish, received, sqs } = await newTopic({ RedrivePolicy }, authorizer);
    await sqs("CreateQueue", { QueueName: "dead" });

    await publish({ Message: "moved" });

    expect(await received()).toEqual([]);
    const parked = await sqs("ReceiveMessage", { QueueUrl: QUEUE_URL.replace("queue", "dead") });
    expect(parked).toMatchObject({ Messages: [{ Body: expect.stringContaining("moved") }] });
  });

  const refused: [string, object, string, string][] = [
    ["no text", { Message: "" }, "InvalidParameterException", "Invalid parameter: Empty message"],
    [
      "a subject over two lines",
      { Message: "x", Subject: "a\nb" },
      "InvalidParameterException",
      "Invalid parameter: Subject",
    ],
    [
      "a subject beyond 100 characters",
      { Message: "x", Subject: "a".repeat(101) },
      "InvalidParameterException",
      "Invalid parameter: Subject",
    ],
    [
      "more than 256 KiB",
      { Message: "x".repeat(262_145) },
      "InvalidParameterException",
      "Invalid parameter: Message too long",
    ],
    ["no such topic", { TopicArn: `${TOPIC}-x`, Message: "x" }, "NotFoundException", "Topic does not exist"],
  ];

  it.each(refused)("with %s is refused", async (_, input, code, message) => {
    const { publish } = await newTopic();

    await expect(publish(input)).rejects.toMatchObject({ code, message });
  });
});

describe("a topic", () => {
  it("is authorized on its ARN with its own policy", async () => {
    const asked: object[] = [];
    const { publish, sns } = await newTopic(undefined, { authorize: (_, one) => void asked.push(one) });
    const Policy = '{"Statement":[]}';
    await sns("SetTopicAttributes", { TopicArn: TOPIC, AttributeName: "Policy", AttributeValue: Policy });
    asked.length = 0;

    await publish({ Message: "x" });

    expect(asked).toEqual([{ action: "sns:Publish", resources: [TOPIC], resourcePolicy: Policy, owner: ACCOUNT }]);
  });

  it("refuses a filter policy that is none", async () => {
    const { sns } = await newTopic();
    const Attributes = { FilterPolicy: '{"severity":3}' };

    const subscribing = sns("Subscribe", { TopicArn: TOPIC, Protocol: "sqs", Endpoint: QUEUE, Attributes });

    await expect(subscribing).rejects.toThrow('"severity" must be an object or an array');
  });
});
