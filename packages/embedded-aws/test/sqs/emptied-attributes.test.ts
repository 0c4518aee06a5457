import { expect, it } from "vitest";
import { ACCOUNT, newEvents, REGION } from "../events/new-events.ts";

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

  await expect(emptied).rejects.toMatchObject({
    code: "InvalidAttributeValue",
    message: "Invalid value for the parameter DelaySeconds.",
  });
});
