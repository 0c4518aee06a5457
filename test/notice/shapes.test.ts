// @module-tag deep
import { ConfirmSubscriptionCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { type Sent, sentFrom } from "embedded-aws/state";
import { expect, test } from "vitest";
import factory from "../../factory.config.ts";
import { account, type FactoryOnAPort, startFactory } from "../world/running-factory.ts";
import { HOUR } from "../world/time.ts";

const topic = `arn:aws:sns:eu-west-1:${account}:amint-${factory.name}-notices`;
const build = `arn:aws:imagebuilder:eu-west-1:${account}:image/acme-al2023-base/1.0.1/1`;
/** Where Amazon Q Developer in chat applications listens. */
const AMAZON_Q = "https://global.sns-api.chatbot.amazonaws.com";

const sent = ({ booted }: FactoryOnAPort) => sentFrom(booted.aws, { account, region: "eu-west-1" });

async function subscribe(running: FactoryOnAPort, Protocol: string, Endpoint: string): Promise<void> {
  const sns = new SNSClient(running.options);
  // Not the topic's alarms.
  const Attributes = { FilterPolicy: JSON.stringify({ event: [{ exists: true }] }) };
  await sns.send(new SubscribeCommand({ TopicArn: topic, Protocol, Endpoint, Attributes }));
  const Token = /Token=([0-9a-f]+)/.exec(sent(running).at(-1)?.body ?? "")?.[1];
  await sns.send(new ConfirmSubscriptionCommand({ TopicArn: topic, Token }));
}

/** A team's own tooling, which wants the messages as they are. */
async function subscribeTooling({ options }: FactoryOnAPort): Promise<() => Promise<object[]>> {
  const sqs = new SQSClient(options);
  const Endpoint = `arn:aws:sqs:eu-west-1:${account}:tooling`;
  const Policy = JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Principal: { Service: "sns.amazonaws.com" }, Action: "sqs:SendMessage", Resource: Endpoint },
    ],
  });
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "tooling", Attributes: { Policy } }));
  const Attributes = { RawMessageDelivery: "true", FilterPolicy: JSON.stringify({ tone: ["bad"] }) };
  await new SNSClient(options).send(new SubscribeCommand({ TopicArn: topic, Protocol: "sqs", Endpoint, Attributes }));
  return async () => {
    const asked = { QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ["All"] };
    return (await sqs.send(new ReceiveMessageCommand(asked))).Messages ?? [];
  };
}

let events = 0;
async function tell({ send, clock }: FactoryOnAPort, detailType: string, detail: object): Promise<void> {
  const from = { time: "2026-04-01T08:00:00Z", account, region: "eu-west-1", resources: [], source: "amint" };
  await send("notify", { ...from, id: `event-${++events}`, "detail-type": detailType, detail });
  await clock.runUntil(clock.now() + HOUR);
}

const revoked = {
  image: "al2023-base",
  build,
  reason: "it leaks keys",
  by: "ada",
  channels: [],
  withdrawn: [],
  sharedWith: [],
  left: [],
};

test("a notice is readable by mail, in a chat by Amazon Q, and by tooling that wants only what is bad", async () => {
  const running = await startFactory();
  const read = await subscribeTooling(running);
  await subscribe(running, "email", "ops@example.com");
  await subscribe(running, "https", AMAZON_Q);
  const restored = { image: "al2023-base", build, by: "grace", reason: "false alarm", shared: [] };

  await tell(running, "build.revoked", revoked);
  await tell(running, "build.restored", restored);

  const told = sent(running).filter(({ kind }) => kind === "Notification");
  const mails = told.filter(({ protocol }) => protocol === "email");
  expect(mails.map(({ subject }) => subject)).toEqual([
    "al2023-base: build 1.0.1/1 revoked",
    "al2023-base: build 1.0.1/1 restored",
  ]);
  expect(mails[0]?.body).toMatch(/^al2023-base: build 1\.0\.1\/1 revoked\n\nReason: it leaks keys\nRevoked by: ada\n/);
  const shown = told.filter(({ protocol }) => protocol === "https").map(inChat);
  expect(shown).toMatchObject([
    {
      version: "1.0",
      source: "custom",
      content: { title: ":no_entry: al2023-base: build 1.0.1/1 revoked" },
      metadata: { threadId: build, eventType: "build.revoked" },
    },
    { metadata: { threadId: build, eventType: "build.restored", additionalContext: { tone: "news" } } },
  ]);
  expect(await read()).toMatchObject([
    {
      Body: expect.stringMatching(/^al2023-base: build 1\.0\.1\/1 revoked\n\n/),
      MessageAttributes: { event: { StringValue: "build.revoked" }, image: { StringValue: "al2023-base" } },
    },
  ]);
});

const inChat = ({ body }: Sent): unknown => JSON.parse(JSON.parse(body).Message);
