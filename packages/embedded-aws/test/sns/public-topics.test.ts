import type { ListSubscriptionsResponse, SubscribeResponse } from "@aws-sdk/client-sns";
import { describe, expect, it, test } from "vitest";
import { createAws } from "../../src/create-aws.ts";
import { VirtualClock } from "../../src/engine/clock/virtual-clock.ts";
import { accountPrincipal, type Principal, servicePrincipal } from "../../src/engine/principal.ts";
import { announceRelease, releasePublicImage } from "../../src/services/ec2/release-public-image.ts";
import { sentFrom } from "../../src/services/sns/deliver.ts";
import { seedPublicTopics } from "../../src/services/sns/seed-public-topics.ts";
import { ACCOUNT, newEvents, REGION } from "../events/new-events.ts";
import { expectRefusal } from "../expect-refusal.ts";

const FACTORY = "111122223333";
const STRANGER = "600000000009";
const TOPIC = "arn:aws:sns:us-east-1:137112412989:amazon-linux-2023-ami-updates";
const QUEUE = `arn:aws:sqs:eu-west-1:${FACTORY}:updates`;

/** An AWS with Amazon's topics, and a queue in another account and region that they may write to. */
async function aSubscriber() {
  const clock = new VirtualClock(Date.UTC(2026, 3, 1, 8));
  const aws = createAws({ clock });
  seedPublicTopics(aws);
  const as =
    (account: string, region: string) =>
    <Output>(service: string, operation: string, input: object) =>
      aws.call<Output>(service, operation, input, { principal: accountPrincipal(account), region });
  const Policy = JSON.stringify({
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "sns.amazonaws.com" },
        Action: "sqs:SendMessage",
        Resource: QUEUE,
        Condition: { ArnEquals: { "aws:SourceArn": TOPIC } },
      },
    ],
  });
  const here = as(FACTORY, "eu-west-1");
  const { QueueUrl } = await here<{ QueueUrl: string }>("sqs", "CreateQueue", {
    QueueName: "updates",
    Attributes: { Policy },
  });
  const received = async () => {
    await clock.runUntil(clock.now() + 60_000);
    const { Messages = [] } = await here<{ Messages?: { Body: string }[] }>("sqs", "ReceiveMessage", { QueueUrl });
    return Messages.map(({ Body }) => JSON.parse(Body));
  };
  const east = as(FACTORY, "us-east-1");
  const subscribe = () =>
    east<SubscribeResponse>("sns", "Subscribe", { TopicArn: TOPIC, Protocol: "sqs", Endpoint: QUEUE });
  return { aws, east, as, subscribe, received };
}

describe("a topic of Amazon's", () => {
  it("accepts subscriptions of every account in us-east-1, and notifies queues in other regions of a release", async () => {
    const { aws, subscribe, received } = await aSubscriber();
    await subscribe();
    const version = "2023.11.20260422.0";

    const release = { family: "al2023", architecture: "x86_64", regions: ["eu-west-1"], version } as const;
    const images = releasePublicImage(aws, release);
    await announceRelease(aws, { ...release, images });

    const [message] = await received();
    expect(message).toMatchObject({ TopicArn: TOPIC, Subject: expect.stringContaining("Amazon Linux") });
    expect(JSON.parse(message.Message)).toMatchObject({
      v1: { ReleaseVersion: version, Regions: { "eu-west-1": [{ ImageId: images["eu-west-1"] }] } },
    });
  });

  it("shows a subscription only to its owner, who can delete it", async () => {
    const { east, as, subscribe, received, aws } = await aSubscriber();
    const { SubscriptionArn } = await subscribe();
    const list = (account: string) =>
      as(account, "us-east-1")<ListSubscriptionsResponse>("sns", "ListSubscriptions", {});

    const [own, strangers] = [await list(FACTORY), await list(STRANGER)];
    const forbidden = as(STRANGER, "us-east-1")("sns", "Unsubscribe", { SubscriptionArn });
    await expectRefusal(forbidden, expect.stringMatching(/AuthorizationError|AccessDenied/));
    const { Attributes } = await east<{ Attributes: object }>("sns", "GetSubscriptionAttributes", { SubscriptionArn });
    await east("sns", "Unsubscribe", { SubscriptionArn });
    await announceRelease(aws, { family: "al2023", version: "2023.11.20260422.0", images: {} });

    expect(own.Subscriptions).toMatchObject([{ SubscriptionArn, Owner: FACTORY, TopicArn: TOPIC }]);
    expect(strangers.Subscriptions).toEqual([]);
    expect(Attributes).toMatchObject({ Owner: FACTORY });
    expect(await received()).toEqual([]);
    await expectRefusal(east("sns", "GetSubscriptionAttributes", { SubscriptionArn }), "NotFoundException");
  });

  it("allows only Amazon to publish", async () => {
    const { aws } = await aSubscriber();
    const publish = (principal: Principal) =>
      aws.call("sns", "Publish", { TopicArn: TOPIC, Message: "x" }, { principal, region: "us-east-1" });

    await expect(publish(accountPrincipal(FACTORY))).rejects.toThrow(/not authorized/);
    await expect(publish(servicePrincipal("events.amazonaws.com", FACTORY, QUEUE))).rejects.toThrow(/not authorized/);
  });
});

const NOTICES = `arn:aws:sns:${REGION}:${ACCOUNT}:notices`;
const place = { account: ACCOUNT, region: REGION };
/** Where Amazon Q Developer in chat applications listens to a topic. */
const AMAZON_Q = "https://global.sns-api.chatbot.amazonaws.com";

async function newTopic() {
  const embedded = newEvents();
  const { aws, clock, sns } = embedded;
  await sns("CreateTopic", { Name: "notices" });
  const sent = () => sentFrom(aws, place);
  const last = () => sent().at(-1);
  return {
    ...embedded,
    sent,
    /** Confirms the last request, as the address's owner does. */
    async subscribe(Protocol: string, Endpoint: string, Attributes = {}) {
      await sns("Subscribe", { TopicArn: NOTICES, Protocol, Endpoint, Attributes });
      const Token = /Token=([0-9a-f]+)/.exec(last()?.body ?? "")?.[1] ?? "";
      return () => sns("ConfirmSubscription", { TopicArn: NOTICES, Token });
    },
    async publish(input: object) {
      await sns("Publish", { TopicArn: NOTICES, ...input });
      await clock.runUntil(clock.now() + 1_000);
    },
  };
}

const structured = {
  MessageStructure: "json",
  Message: JSON.stringify({ default: "for all", email: "for people", https: '{"for":"programs"}', sqs: "unused" }),
};

test("an external address gets nothing before it has confirmed, and then its protocol's message", async () => {
  const { sent, subscribe, publish, sns } = await newTopic();
  const confirmMail = await subscribe("email", "ops@example.com");
  const confirmHttps = await subscribe("https", AMAZON_Q);

  await publish({ ...structured, Subject: "early" });
  const before = sent().map(({ kind, endpoint }) => [kind, endpoint]);
  await confirmMail();
  const { SubscriptionArn } = await confirmHttps();
  await publish({ ...structured, Subject: "Channel moved" });

  expect(before).toEqual([
    ["SubscriptionConfirmation", "ops@example.com"],
    ["SubscriptionConfirmation", AMAZON_Q],
  ]);
  const [mail, posted, ...more] = sent().slice(2);
  expect(mail).toMatchObject({ protocol: "email", subject: "Channel moved", body: "for people" });
  expect(posted).toMatchObject({ protocol: "https", kind: "Notification" });
  expect(JSON.parse(posted?.body ?? "")).toMatchObject({
    Type: "Notification",
    TopicArn: NOTICES,
    Subject: "Channel moved",
    Message: '{"for":"programs"}',
  });
  expect(more).toEqual([]);
  expect(await sns("GetSubscriptionAttributes", { SubscriptionArn })).toMatchObject({
    Attributes: { PendingConfirmation: "false", Protocol: "https", Endpoint: AMAZON_Q },
  });
});

test("a protocol without its own text gets the default; raw delivery is only the text", async () => {
  const { sent, subscribe, publish } = await newTopic();
  await (await subscribe("email-json", "tools@example.com"))();
  await (await subscribe("https", "https://example.com/hook", { RawMessageDelivery: "true" }))();

  await publish({ MessageStructure: "json", Message: '{"default":"for all"}' });

  const [mail, posted] = sent().filter(({ kind }) => kind === "Notification");
  expect(mail?.subject).toBe("AWS Notification Message");
  expect(JSON.parse(mail?.body ?? "")).toMatchObject({ Message: "for all" });
  expect(posted?.body).toBe("for all");
});

test("a token that was not sent confirms nothing, and an address that is none is refused", async () => {
  const { sent, subscribe, publish, sns } = await newTopic();
  await subscribe("https", AMAZON_Q);

  const guessed = sns("ConfirmSubscription", { TopicArn: NOTICES, Token: "0".repeat(128) });
  const plain = sns("Subscribe", { TopicArn: NOTICES, Protocol: "https", Endpoint: "http://example.com" });

  await expectRefusal(guessed, "InvalidParameterException", "Invalid parameter: Token");
  await expectRefusal(plain, "InvalidParameterException");
  await publish({ Message: "secret" });
  expect(sent().filter(({ kind }) => kind === "Notification")).toEqual([]);
});
