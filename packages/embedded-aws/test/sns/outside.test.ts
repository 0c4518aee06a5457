import { expect, test } from "vitest";
import { sentFrom } from "../../src/services/sns/outbox.ts";
import { ACCOUNT, newEvents, REGION } from "../events/new-events.ts";

const TOPIC = `arn:aws:sns:${REGION}:${ACCOUNT}:notices`;
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
      await sns("Subscribe", { TopicArn: TOPIC, Protocol, Endpoint, Attributes });
      const Token = /Token=([0-9a-f]+)/.exec(last()?.body ?? "")?.[1] ?? "";
      return () => sns("ConfirmSubscription", { TopicArn: TOPIC, Token });
    },
    async publish(input: object) {
      await sns("Publish", { TopicArn: TOPIC, ...input });
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
    TopicArn: TOPIC,
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

  const guessed = sns("ConfirmSubscription", { TopicArn: TOPIC, Token: "0".repeat(128) });
  const plain = sns("Subscribe", { TopicArn: TOPIC, Protocol: "https", Endpoint: "http://example.com" });

  await expect(guessed).rejects.toMatchObject({
    code: "InvalidParameterException",
    message: "Invalid parameter: Token",
  });
  await expect(plain).rejects.toMatchObject({ code: "InvalidParameterException" });
  await publish({ Message: "secret" });
  expect(sent().filter(({ kind }) => kind === "Notification")).toEqual([]);
});
