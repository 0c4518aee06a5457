import { CancelImageCreationCommand, CreateImageCommand, GetImageCommand } from "@aws-sdk/client-imagebuilder";
import { expect, test } from "vitest";
import { type Scenario, startScenario } from "../world/scenario.ts";
import { DAY, HOUR, MINUTE } from "../world/time.ts";

const stateChange = (build: unknown, status: string, id = crypto.randomUUID()) => ({
  version: "0",
  id,
  "detail-type": "EC2 Image Builder Image State Change",
  source: "aws.imagebuilder",
  account: "111122223333",
  time: "2026-04-01T09:00:00Z",
  region: "eu-west-1",
  resources: [build],
  detail: { "previous-state": { status: "TESTING" }, state: { status } },
});

const startedBuild = ({ said }: Scenario): string => String(said("build.started").at(-1)?.build);

test("the same event twice, late, and out of order leaves one promotion", async () => {
  const factory = await startScenario();
  await factory.request("al2023-base");
  await factory.pass(2 * HOUR);
  const build = startedBuild(factory);

  const available = stateChange(build, "AVAILABLE");
  await factory.send("record-build", available);
  await factory.send("record-build", available);
  await factory.send("record-build", stateChange(build, "FAILED"));
  await factory.send("record-build", stateChange(build, "BUILDING"));
  await factory.passUntil(() => factory.said("channel.moved").some(({ channel }) => channel === "stable"));
  await factory.send("record-build", stateChange(build, "AVAILABLE"));
  await factory.pass(10 * MINUTE);

  expect(await factory.promotions("al2023-base")).toHaveLength(1);
  expect(factory.said("build.available").filter((event) => event.build === build)).toHaveLength(1);
  expect(factory.said("build.failed")).toEqual([]);
  expect(factory.said("channel.moved").map(({ channel }) => channel)).toContain("stable");
});

test("an event of an image whose ARN is unknown to the factory is parked whole, and its ARN is in the reason", {
  tags: "deep",
}, async () => {
  const factory = await startScenario();
  const unforeseen = "arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-al2023-base/1.0.0/1-copy";

  await factory.send("record-build", stateChange(unforeseen, "AVAILABLE"));
  await factory.pass(HOUR);

  const [parked] = await factory.parked("amint-acme-record-build-dead-letters");
  expect(parked?.body).toMatchObject({ requestPayload: { resources: [unforeseen] } });
  expect(JSON.stringify(parked?.body)).toContain(`Not an image build version's ARN: \\"${unforeseen}\\"`);
});

test("a distribution's own AVAILABLE event starts nothing, named after its source AMI or after the image", {
  tags: "deep",
}, async () => {
  const factory = await startScenario();
  await factory.request("ubuntu-2404-base");
  await factory.pass(HOUR);
  const { image } = await factory.imageBuilder.send(
    new GetImageCommand({ imageBuildVersionArn: startedBuild(factory) }),
  );

  // An image of the same name that no pipeline of ours made, as a copy under the image's own name would be.
  const { imageBuildVersionArn: namesake } = await factory.imageBuilder.send(
    new CreateImageCommand({
      imageRecipeArn: image?.imageRecipe?.arn,
      infrastructureConfigurationArn: image?.infrastructureConfiguration?.arn,
      clientToken: "namesake",
    }),
  );
  await factory.pass(2 * DAY);

  const executions = await factory.promotions("ubuntu-2404-base");
  expect(namesake).toContain(":image/acme-ubuntu-2404-base/");
  expect(executions).toHaveLength(1);
  expect(factory.said("build.available")).toHaveLength(1);
  expect(factory.said("channel.moved").map(({ channel }) => channel)).toEqual(["candidate"]);
});

test("a CANCELLED build ends everything that waits for it", { tags: "deep" }, async () => {
  const factory = await startScenario();
  await factory.request("al2023-base", "ada");
  await factory.pass(10 * 60_000);
  const cancelled = startedBuild(factory);
  await factory.request("al2023-base", "grace");
  await factory.request("al2023-base", "linus");
  await factory.pass(60_000);
  expect(factory.said("build.started")).toHaveLength(1);

  await factory.imageBuilder.send(
    new CancelImageCreationCommand({ imageBuildVersionArn: cancelled, clientToken: "cancel" }),
  );
  await factory.pass(10 * 60_000);

  expect(factory.said("build.cancelled").map(({ build }) => build)).toEqual([cancelled]);
  const [, next] = factory.said("build.started");
  expect(next?.triggers).toHaveLength(2);
  await factory.pass(2 * DAY);
  expect(await factory.promotions("al2023-base")).toHaveLength(1);
  expect(factory.said("build.started").filter(({ image }) => image === "al2023-base")).toHaveLength(2);
});

test("a build that fails in a test component records each component's result in the ledger, its event and its notice", {
  tags: "deep",
}, async () => {
  const factory = await startScenario({
    step: ({ step }) => (step === "AgentsRun" ? { exitCode: 1, stderr: "the agent does not run" } : undefined),
  });
  await factory.request("al2023-base");
  await factory.pass(2 * HOUR);

  const [failed] = factory.said("build.failed");
  expect(failed?.failure).toMatchObject({
    component: "acme-smoke",
    tests: {
      source: "imagebuilder:ListWorkflowStepExecutions",
      at: expect.stringMatching(/^2026-04-01T\d\d:\d\d/),
      components: [
        { component: "simple-boot-test-linux", status: "passed" },
        { component: "acme-smoke", status: "failed", phase: "test", step: "AgentsRun", reason: "exit status 1" },
        { component: "acme-hardening-tests", status: "not-run" },
      ],
    },
  });
  const text = JSON.stringify(factory.slack.messages.at(-1));
  expect(text).toContain("simple-boot-test-linux passed");
  expect(text).toContain("acme-smoke failed in AgentsRun: exit status 1");
  expect(text).toContain("acme-hardening-tests did not run");
});

test("a build that fails before its tests reports no tests", { tags: "deep" }, async () => {
  const factory = await startScenario({
    step: ({ step }) => (step === "InstallCloudWatchAgent" ? { exitCode: 22, stderr: "503" } : undefined),
  });
  await factory.request("al2023-base");
  await factory.pass(2 * HOUR);

  const [failed] = factory.said("build.failed");
  expect(failed?.failure).toMatchObject({ component: "acme-agents" });
  expect(failed?.failure).not.toHaveProperty("tests");
});
