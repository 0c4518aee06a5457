import {
  DeregisterImageCommand,
  DescribeImageAttributeCommand,
  DisableImageDeregistrationProtectionCommand,
} from "@aws-sdk/client-ec2";
import { expect, test } from "vitest";
import { startScenario } from "../world/scenario.ts";
import { HOUR } from "../world/time.ts";

test("a promotion that fails half-way reverts its channels and launch permissions, and says so", async () => {
  const factory = await startScenario();
  await factory.request("al2023-base");
  await factory.pass(3 * HOUR);
  const [home, copy] = await Promise.all(
    ["eu-west-1", "us-east-1"].map((region) => factory.channel("al2023-base", "candidate", region)),
  );
  // While the build soaks in candidate, an operator removes the copy in the other region.
  const elsewhere = factory.ec2("us-east-1");
  await elsewhere.send(new DisableImageDeregistrationProtectionCommand({ ImageId: copy }));
  await elsewhere.send(new DeregisterImageCommand({ ImageId: copy }));

  await factory.passUntil(() => factory.said("promotion.failed").length > 0);
  await factory.pass(HOUR);

  expect(factory.said("promotion.failed")).toHaveLength(1);
  expect(factory.said("channel.moved").map(({ channel }) => channel)).toEqual(["candidate"]);
  expect(await factory.channel("al2023-base", "candidate", "eu-west-1")).toBeUndefined();
  expect(await factory.channel("al2023-base", "candidate", "us-east-1")).toBeUndefined();
  const { LaunchPermissions } = await factory
    .ec2("eu-west-1")
    .send(new DescribeImageAttributeCommand({ ImageId: home, Attribute: "launchPermission" }));
  expect(LaunchPermissions).toEqual([]);
  expect(factory.slack.messages.at(-1)?.text).toMatch(/promotion of build .* failed/);
});

test.each([
  [
    "an event that does not match its schema goes to the dead-letter queue whole, with the reason",
    { trigger: "schedule", image: "al2023-base", scheduledTime: "tomorrow", note: "kept" },
    "InvalidEvent",
  ],
  [
    "a request for an unknown image is parked with the images there are",
    { trigger: "manual", image: "al2032-base", requestedBy: "ada" },
    "it has al2023-base, ubuntu-2404-base, al2023-web, al2023-node",
  ],
])("%s", { tags: "deep" }, async (_, nonsense, reason) => {
  const factory = await startScenario();

  await factory.send("start-build", nonsense);
  await factory.pass(HOUR);

  const [letter] = await factory.parked("amint-acme-start-build-dead-letters");
  expect(letter?.body).toMatchObject({ requestPayload: nonsense });
  expect(JSON.stringify(letter?.body)).toContain(reason);
  expect(factory.said("build.started")).toEqual([]);
});
