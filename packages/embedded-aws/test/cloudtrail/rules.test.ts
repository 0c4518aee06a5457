import { expect, test } from "vitest";
import { aTrail, FACTORY } from "./a-trail.ts";

const QueueUrl = `http://127.0.0.1:4566/${FACTORY}/drift`;

/** A rule of one region that sends what it matches to a queue; nothing else watches. */
async function aRule(detail: object) {
  const world = aTrail({}, { watched: false });
  const where = { region: "eu-central-1" };
  const call = (service: string, operation: string, input: object) => world.call(service, operation, input, where);
  await call("sqs", "CreateQueue", { QueueName: "drift" });
  const Statement = [{ Effect: "Allow", Principal: "*", Action: "sqs:SendMessage", Resource: "*" }];
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement });
  await call("sqs", "SetQueueAttributes", { QueueUrl, Attributes: { Policy } });
  const EventPattern = JSON.stringify({ "detail-type": ["AWS API Call via CloudTrail"], detail });
  await call("events", "PutRule", { Name: "drift", EventPattern });
  const Arn = `arn:aws:sqs:eu-central-1:${FACTORY}:drift`;
  await call("events", "PutTargets", { Rule: "drift", Targets: [{ Id: "queue", Arn }] });
  const arrived = async () => {
    await world.pass(60_000);
    const { Messages = [] } = (await call("sqs", "ReceiveMessage", { QueueUrl, MaxNumberOfMessages: 10 })) as {
      Messages?: { Body: string }[];
    };
    return Messages.map(({ Body }) => JSON.parse(Body).detail.eventName);
  };
  return { ...world, call, arrived };
}

test("a rule gets the calls that it names, in its region, and no others", async () => {
  const { call, imageIn, arrived } = await aRule({ eventName: ["DisableImage", "CreateKey"] });

  await call("ec2", "DisableImage", { ImageId: imageIn("eu-central-1") });
  await call("ec2", "EnableImage", { ImageId: "ami-00000000000000000" }).catch(() => undefined);
  await call("kms", "CreateKey", {});

  expect((await arrived()).sort()).toEqual(["CreateKey", "DisableImage"]);
});

test("a rule can ask for what is known only once the event is made", async () => {
  const { call, arrived } = await aRule({
    errorCode: [{ exists: false }],
    $or: [{ eventSource: ["ram.amazonaws.com"] }, { requestParameters: { name: ["x"] } }],
  });

  await call("ram", "CreateResourceShare", { name: "channels" });
  await call("ram", "DeleteResourceShare", { resourceShareArn: "none" }).catch(() => undefined);

  expect(await arrived()).toEqual(["CreateResourceShare"]);
});
