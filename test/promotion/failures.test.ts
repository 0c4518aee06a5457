import {
  DeregisterImageCommand,
  DescribeImageAttributeCommand,
  DisableImageDeregistrationProtectionCommand,
} from "@aws-sdk/client-ec2";
import { DisableRuleCommand, EventBridgeClient, ListRulesCommand } from "@aws-sdk/client-eventbridge";
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

test("an event that does not match its schema goes to the dead-letter queue whole, with the reason", {
  tags: "deep",
}, async () => {
  const factory = await startScenario();
  const nonsense = { trigger: "schedule", image: "al2023-base", scheduledTime: "tomorrow", note: "kept" };

  await factory.send("start-build", nonsense);
  await factory.pass(HOUR);

  const [letter] = await factory.parked("amint-acme-start-build-dead-letters");
  expect(letter?.body).toMatchObject({ requestPayload: nonsense });
  expect(JSON.stringify(letter?.body)).toContain("InvalidEvent");
  expect(factory.said("build.started")).toEqual([]);
});

test("a request for an unknown image is parked with the images there are", { tags: "deep" }, async () => {
  const factory = await startScenario();

  await factory.send("start-build", { trigger: "manual", image: "al2032-base", requestedBy: "ada" });
  await factory.pass(HOUR);

  const [letter] = await factory.parked("amint-acme-start-build-dead-letters");
  expect(JSON.stringify(letter?.body)).toContain("it has al2023-base, ubuntu-2404-base, al2023-web, al2023-node");
});

test("a state change whose event is lost is found and repaired within the hour, and reported", {
  tags: "deep",
}, async () => {
  const factory = await startScenario();
  const rules = new EventBridgeClient(factory.options);
  const { Rules = [] } = await rules.send(new ListRulesCommand({}));
  for (const { Name } of Rules) await rules.send(new DisableRuleCommand({ Name }));

  await factory.request("al2023-base");
  await factory.pass(3 * HOUR);

  expect(factory.said("drift.repaired")).toHaveLength(1);
  expect(factory.said("build.available")).toHaveLength(1);
  expect(await factory.promotions("al2023-base")).toHaveLength(1);
});

test("a build that fails in a component is announced with component, phase, step and reason", {
  tags: "deep",
}, async () => {
  const factory = await startScenario({
    step: ({ step }) =>
      step === "InstallCloudWatchAgent" ? { exitCode: 22, stderr: "503 from the mirror" } : undefined,
  });

  await factory.request("al2023-base");
  await factory.pass(2 * HOUR);

  expect(factory.said("build.failed")).toMatchObject([
    { failure: { component: "acme-agents", phase: "build", step: "InstallCloudWatchAgent" } },
  ]);
  const [message] = factory.slack.messages;
  expect(message?.text).toContain("failed in acme-agents");
  expect(JSON.stringify(message?.blocks)).toContain("Step: InstallCloudWatchAgent");
});
