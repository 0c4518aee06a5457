import { describe, expect, it } from "vitest";
import { ACCOUNT, newEvents, REGION, START } from "../events/new-events.ts";
import { expectRefusal } from "../expect-refusal.ts";

const url = (name: string): string => `http://127.0.0.1:4566/${ACCOUNT}/${name}`;

describe("a queue", () => {
  it("is found by its name, and creating it again with the same attributes returns it", async () => {
    const { sqs } = newEvents();
    const asked = { QueueName: "queue", Attributes: { VisibilityTimeout: "60" } };

    const made = await sqs("CreateQueue", asked);

    expect(made).toEqual({ QueueUrl: url("queue") });
    expect(await sqs("CreateQueue", asked)).toEqual(made);
    expect(await sqs("GetQueueUrl", { QueueName: "queue" })).toEqual(made);
  });

  it("cannot be made again within a minute of its deletion", async () => {
    const { clock, sqs } = newEvents();
    await sqs("CreateQueue", { QueueName: "queue" });
    await sqs("DeleteQueue", { QueueUrl: url("queue") });

    await expectRefusal(sqs("CreateQueue", { QueueName: "queue" }), "QueueDeletedRecently");
    await clock.runUntil(START + 60_000);

    expect(await sqs("CreateQueue", { QueueName: "queue" })).toEqual({ QueueUrl: url("queue") });
  });

  const refused: [string, Record<string, string>, string][] = [
    [
      "a timeout beyond twelve hours",
      { VisibilityTimeout: "43201" },
      "Invalid value for the parameter VisibilityTimeout.",
    ],
    ["a policy that is not JSON", { Policy: "{" }, "Invalid value for the parameter Policy."],
    ["an attribute that does not exist", { Colour: "red" }, "Unknown Attribute Colour."],
    ["a redrive policy without a queue", { RedrivePolicy: '{"maxReceiveCount":3}' }, "deadLetterTargetArn"],
    ["FIFO, which is not built", { FifoQueue: "true" }, "not built in the embedded AWS"],
  ];

  it.each(refused)("with %s is refused", async (_, Attributes, reason) => {
    const { sqs } = newEvents();

    await expect(sqs("CreateQueue", { QueueName: "queue", Attributes })).rejects.toThrow(reason);
  });

  it("is purged at most once a minute", async () => {
    const { sqs } = newEvents();
    await sqs("CreateQueue", { QueueName: "queue" });
    await sqs("SendMessage", { QueueUrl: url("queue"), MessageBody: "x" });

    await sqs("PurgeQueue", { QueueUrl: url("queue") });

    expect(await sqs("ReceiveMessage", { QueueUrl: url("queue") })).toEqual({});
    await expectRefusal(sqs("PurgeQueue", { QueueUrl: url("queue") }), "PurgeQueueInProgress");
  });

  it("is authorized on its ARN with its own policy, for any sender", async () => {
    const asked: object[] = [];
    const { sqs } = newEvents({}, { authorize: (_, authorization) => void asked.push(authorization) });
    await sqs("CreateQueue", { QueueName: "queue", Attributes: { Policy: '{"Statement":[]}' } });
    asked.length = 0;

    await sqs("SendMessageBatch", { QueueUrl: url("queue"), Entries: [{ Id: "a", MessageBody: "x" }] });

    expect(asked).toEqual([
      {
        action: "sqs:SendMessage",
        resources: [`arn:aws:sqs:${REGION}:${ACCOUNT}:queue`],
        resourcePolicy: '{"Statement":[]}',
        owner: ACCOUNT,
      },
    ]);
  });
});

const QueueUrl = `http://127.0.0.1:4566/${ACCOUNT}/queue`;
const dead = `arn:aws:sqs:${REGION}:${ACCOUNT}:dead`;

const texts: [string, string][] = [
  ["Policy", '{"Version":"2012-10-17","Statement":[]}'],
  ["RedrivePolicy", JSON.stringify({ deadLetterTargetArn: dead, maxReceiveCount: 1 })],
  ["RedriveAllowPolicy", '{"redrivePermission":"denyAll"}'],
  ["KmsMasterKeyId", "alias/aws/sqs"],
];

it.each(texts)("an empty %s removes it from a queue, which works on", async (name, value) => {
  const { sqs } = newEvents();
  await sqs("CreateQueue", { QueueName: "queue" });
  const before = await sqs("GetQueueAttributes", { QueueUrl, AttributeNames: ["All"] });
  await sqs("SetQueueAttributes", { QueueUrl, Attributes: { [name]: value } });

  await sqs("SetQueueAttributes", { QueueUrl, Attributes: { [name]: "" } });

  expect(await sqs("GetQueueAttributes", { QueueUrl, AttributeNames: ["All"] })).toEqual(before);
  expect(await sqs("GetQueueAttributes", { QueueUrl, AttributeNames: [name] })).toEqual({ Attributes: {} });
  await sqs("SendMessage", { QueueUrl, MessageBody: "x" });
  for (const _ of "12") {
    expect(await sqs("ReceiveMessage", { QueueUrl, VisibilityTimeout: 0 })).toMatchObject({
      Messages: [{ Body: "x" }],
    });
  }
  await sqs("DeleteQueue", { QueueUrl });
});

it("an empty number is refused", async () => {
  const { sqs } = newEvents();
  await sqs("CreateQueue", { QueueName: "queue" });

  const emptied = sqs("SetQueueAttributes", { QueueUrl, Attributes: { DelaySeconds: "" } });

  await expectRefusal(emptied, "InvalidAttributeValue", "Invalid value for the parameter DelaySeconds.");
});
