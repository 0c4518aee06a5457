import { describe, expect, it, test } from "vitest";
import type { Authorizer } from "../../src/engine/authorizer.ts";
import { ACCOUNT, newEvents, REGION } from "../events/new-events.ts";
import { expectRefusal } from "../expect-refusal.ts";

const TopicArn = `arn:aws:sns:${REGION}:${ACCOUNT}:notices`;
const QUEUE = `arn:aws:sqs:${REGION}:${ACCOUNT}:queue`;
const ROLE = `arn:aws:iam::${ACCOUNT}:role/feedback`;

async function newTopic(authorizer?: Authorizer) {
  const { sns } = newEvents({}, authorizer);
  await sns("CreateTopic", { Name: "notices" });
  const attributes = async () =>
    (await sns<{ Attributes: Record<string, string> }>("GetTopicAttributes", { TopicArn })).Attributes;
  const set = (AttributeName: string, AttributeValue?: string) =>
    sns("SetTopicAttributes", { TopicArn, AttributeName, AttributeValue });
  return { sns, set, attributes };
}

const feedback = ["Application", "Firehose", "HTTP", "Lambda", "SQS"].flatMap((to): [string, string][] => [
  [`${to}SuccessFeedbackRoleArn`, ROLE],
  [`${to}SuccessFeedbackSampleRate`, "50"],
  [`${to}FailureFeedbackRoleArn`, ROLE],
]);
const others: [string, string][] = [
  ["DisplayName", "Notices"],
  ["DeliveryPolicy", '{"http":{"defaultHealthyRetryPolicy":{"numRetries":5}}}'],
  ["KmsMasterKeyId", "alias/aws/sns"],
  ["SignatureVersion", "2"],
  ["TracingConfig", "Active"],
];

describe("a topic's attribute", () => {
  it.each([...feedback, ...others])("%s is set, shown and removed", async (name, value) => {
    const { set, attributes } = await newTopic();
    const before = await attributes();

    await set(name, value);

    expect((await attributes())[name]).toBe(value);
    await set(name, "");
    expect(await attributes()).toEqual(before);
  });

  it("is one of those that a topic can be made with", async () => {
    const { sns } = newEvents();
    await sns("CreateTopic", { Name: "notices", Attributes: Object.fromEntries([...feedback, ...others]) });

    expect(await sns("GetTopicAttributes", { TopicArn })).toMatchObject({
      Attributes: Object.fromEntries([...feedback, ...others]),
    });
  });

  const refused: [string, string][] = [
    ["HTTPSuccessFeedbackSampleRate", "101"],
    ["HTTPSuccessFeedbackSampleRate", "half"],
    ["HTTPFailureFeedbackRoleArn", "feedback"],
    ["TracingConfig", "Passive"],
    ["SignatureVersion", "3"],
    ["SMSSuccessFeedbackRoleArn", ROLE],
    ["Policy", ""],
  ];
  it.each(refused)("%s=%s is refused", async (name, value) => {
    const { set } = await newTopic();

    await expectRefusal(set(name, value), "InvalidParameterException", expect.stringMatching(/^Invalid parameter: /));
  });

  it("that names a role requires permission to pass it", async () => {
    const asked: object[] = [];
    const { set } = await newTopic({ authorize: (_, one) => void asked.push(one) });
    asked.length = 0;

    await set("SQSFailureFeedbackRoleArn", ROLE);

    expect(asked).toContainEqual({
      action: "iam:PassRole",
      resources: [ROLE],
      context: { "iam:PassedToService": "sns.amazonaws.com" },
    });
  });
});

test("a topic shows its default retries", async () => {
  const { attributes } = await newTopic();

  expect(JSON.parse((await attributes()).EffectiveDeliveryPolicy ?? "")).toMatchObject({
    http: { defaultHealthyRetryPolicy: { numRetries: 3, backoffFunction: "linear" } },
  });
});

describe("a subscription", () => {
  const subscribed = async () => {
    const { sns } = await newTopic();
    const subscribing = { TopicArn, Protocol: "sqs", Endpoint: QUEUE, ReturnSubscriptionArn: true };
    const { SubscriptionArn } = await sns<{ SubscriptionArn: string }>("Subscribe", subscribing);
    return { sns, SubscriptionArn };
  };

  it("loses its redrive policy and its filter when they are set to nothing", async () => {
    const { sns, SubscriptionArn } = await subscribed();
    const before = await sns("GetSubscriptionAttributes", { SubscriptionArn });
    const set = (AttributeName: string, AttributeValue?: string) =>
      sns("SetSubscriptionAttributes", { SubscriptionArn, AttributeName, AttributeValue });
    await set("RedrivePolicy", JSON.stringify({ deadLetterTargetArn: QUEUE }));
    await set("FilterPolicyScope", "MessageBody");
    await set("FilterPolicy", '{"severity":["high"]}');
    expect(await sns("GetSubscriptionAttributes", { SubscriptionArn })).toMatchObject({
      Attributes: { FilterPolicyScope: "MessageBody" },
    });

    await set("RedrivePolicy");
    await set("FilterPolicy", "{}");

    expect(await sns("GetSubscriptionAttributes", { SubscriptionArn })).toEqual(before);
  });

  it("is not found after it ended, nor after its topic did", async () => {
    const { sns, SubscriptionArn } = await subscribed();
    const other = await subscribed();

    await sns("Unsubscribe", { SubscriptionArn });
    await other.sns("DeleteTopic", { TopicArn });

    const notFound = { code: "NotFoundException", message: "Subscription does not exist" };
    await expect(sns("GetSubscriptionAttributes", { SubscriptionArn })).rejects.toMatchObject(notFound);
    const ofOther = other.sns("GetSubscriptionAttributes", { SubscriptionArn: other.SubscriptionArn });
    await expect(ofOther).rejects.toMatchObject(notFound);
  });

  it("that waits for its confirmation cannot be ended", async () => {
    const { sns } = await newTopic();
    const subscribing = { TopicArn, Protocol: "email", Endpoint: "ops@example.com", ReturnSubscriptionArn: true };
    const { SubscriptionArn } = await sns<{ SubscriptionArn: string }>("Subscribe", subscribing);

    await expectRefusal(
      sns("Unsubscribe", { SubscriptionArn }),
      "InvalidParameterException",
      "Invalid parameter: Cannot unsubscribe a subscription that is pending confirmation",
    );
  });
});
