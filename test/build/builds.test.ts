import { describe, expect, test } from "vitest";
import { buildVersion, imageOf, promotionExecutionName } from "../../core/build/build-arn.ts";
import { buildNetworkOf } from "../../core/build/build-network.ts";
import { decideOutcome } from "../../core/build/decide-outcome.ts";
import { combinedToken, reasonTokens } from "../../core/build/reasons.ts";
import { buildInstanceId, describeFailure, testSteps, type WorkflowStep } from "../../core/build/workflow-steps.ts";
import type { Factory } from "../../core/factory/factory-schema.ts";
import { planPromotion } from "../../core/promotion/plan-promotion.ts";
import { parseAmiId, parseBuildArn } from "../../events/ids.ts";
import factory from "../../factory.config.ts";

const arn = (name: string) => `arn:aws:imagebuilder:eu-west-1:111122223333:image/${name}/1.24.7/3`;
const ours = parseBuildArn(arn("acme-al2023-base"));

test("a build's ARN identifies the factory's image, and is rejected for other images", () => {
  expect(imageOf(factory, ours)).toBe("al2023-base");
  expect(imageOf(factory, arn("acme-al2023-base-2"))).toBeUndefined();
  expect(imageOf(factory, arn("al2023-base"))).toBeUndefined();
  expect(
    imageOf(factory, "arn:aws:imagebuilder:eu-west-1:111122223333:image-pipeline/acme-al2023-base"),
  ).toBeUndefined();
});

test("a build's version and promotion are named after it", () => {
  expect(buildVersion(ours)).toBe("1.24.7/3");
  expect(promotionExecutionName(ours)).toBe("acme-al2023-base-1.24.7-3");
});

const amiId = parseAmiId("ami-0123456789abcdef0");
const outcome = (status: string, reason?: string) => decideOutcome({ status, reason, artifact: amiId }).kind;

test("every status except those in progress ends a build, so nothing waits for a deleted one", () => {
  const underWay = ["PENDING", "CREATING", "BUILDING", "TESTING", "DISTRIBUTING", "INTEGRATING"];
  expect(underWay.map((status) => outcome(status))).toEqual(underWay.map(() => "under-way"));
  expect(["AVAILABLE", "CANCELLED", "FAILED"].map((status) => outcome(status))).toEqual([
    "available",
    "cancelled",
    "failed",
  ]);
  expect(["DEPRECATED", "DELETED", "DISABLED", "SOMETHING_NEW"].map((status) => outcome(status))).toEqual([
    "failed",
    "failed",
    "failed",
    "failed",
  ]);
});

test("AVAILABLE without an output is a failure", () => {
  expect(decideOutcome({ status: "AVAILABLE", reason: undefined, artifact: undefined })).toEqual({
    kind: "failed",
    reason: "AVAILABLE without an AMI or a container image in the build region",
  });
});

const step = (changes: Partial<WorkflowStep>): WorkflowStep => ({
  workflow: "BUILD",
  name: "ApplyBuildComponents",
  action: "ExecuteComponents",
  status: "COMPLETED",
  message: undefined,
  outputs: undefined,
  ...changes,
});

test("a failed component is described by the lines that AWSTOE writes", () => {
  const message = [
    "Document arn:aws:imagebuilder:eu-west-1:111122223333:component/acme-agents/1.0.0/1 failed!",
    "Phase: build",
    "Step: InstallCloudWatchAgent",
    "ErrorMessage: exit status 22",
  ].join("\n");
  expect(describeFailure([step({}), step({ status: "FAILED", message })], "Workflow failed")).toEqual({
    component: "acme-agents",
    phase: "build",
    step: "InstallCloudWatchAgent",
    reason: "exit status 22",
  });
});

test("a failure that names no component keeps its reason", () => {
  expect(describeFailure([], "The instance type is not available.")).toEqual({
    reason: "The instance type is not available.",
  });
});

test("tests are the test workflow's steps that carried out components", () => {
  const steps = [
    step({}),
    step({ workflow: "TEST", name: "ApplyTestComponents" }),
    step({ workflow: "TEST", action: "LaunchInstance" }),
  ];
  expect(testSteps(steps)).toEqual([{ name: "ApplyTestComponents", status: "COMPLETED" }]);
});

test("the build's instance is the one that the build workflow launched", () => {
  const launch = (workflow: string, id: string) =>
    step({ workflow, action: "LaunchInstance", outputs: JSON.stringify({ instanceId: id }) });
  expect(buildInstanceId([launch("TEST", "i-2"), launch("BUILD", "i-1")])).toBe("i-1");
  expect(buildInstanceId([])).toBeUndefined();
});

test("equal reasons give equal tokens, different ones different tokens", () => {
  const schedule = (scheduledTime: string) =>
    reasonTokens("base", { kind: "schedule", scheduledTime }, crypto.randomUUID());
  expect(schedule("2026-04-15T01:00:00Z")).toEqual(schedule("2026-04-15T01:00:00Z"));
  expect(schedule("2026-04-15T01:00:00Z")).not.toEqual(schedule("2026-05-13T01:00:00Z"));
  const manual = (event: string) => reasonTokens("base", { kind: "manual", requestedBy: "ada" }, event);
  expect(manual("a")).not.toEqual(manual("b"));
  expect(combinedToken(["a", "b"])).toBe(combinedToken(["b", "a"]));
  expect(combinedToken(["a"])).toBe("a");
});

test("a promotion copies to every other region, and soaks before each next channel only", () => {
  const { distribute, channels } = planPromotion(factory, factory.images["al2023-base"]!);
  expect(distribute).toEqual([{ region: "us-east-1" }]);
  expect(channels.map(({ name, soakSeconds }) => [name, soakSeconds])).toEqual([
    ["candidate", 86_400],
    ["stable", 0],
  ]);
});

/** AWS's own pattern for `ImageBuildVersionArn` (botocore's model of Image Builder). */
const takenByAws = [
  "arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-al2023-base/1.0.0/1",
  "arn:aws:imagebuilder:eu-west-1:111122223333:image/acme_al2023-base/1.0.0/1",
  "arn:aws-cn:imagebuilder:cn-north-1:111122223333:image/acme/10.200.3000/45",
  "arn:aws:imagebuilder:eu-west-1:aws:image/amazon-linux-2023-x86/2026.1.1/1",
];

describe("a build's ARN", () => {
  test.each(takenByAws)("is valid if AWS's model accepts it: %s", (arn) => {
    expect(parseBuildArn(arn)).toBe(arn);
  });

  test("that is invalid is quoted in the error", () => {
    const arn = "arn:aws:imagebuilder:eu-west-1:111122223333:image/Acme Base/1.0.0/1";

    expect(() => parseBuildArn(arn)).toThrow(
      `Not an image build version's ARN: "${arn}". Expected arn:...:image/<name>/<x.y.z>/<n>.`,
    );
  });
});

const network = {
  vpcId: "vpc-1",
  subnetIds: ["subnet-a", "subnet-b"],
  securityGroupIds: ["sg-1"],
  publicIp: false,
} as const;

const factoryIn = (own: Record<string, object | undefined>, whole: object | undefined = network) =>
  ({
    network: whole,
    images: Object.fromEntries(Object.entries(own).map(([name, one]) => [name, { network: one }])),
  }) as unknown as Factory;

test("images are spread over the factory's subnets", () => {
  const three = factoryIn({ one: undefined, two: undefined, three: undefined });

  const subnets = Object.keys(three.images).map((name) => buildNetworkOf(three, name)?.subnetId);

  expect(subnets).toEqual(["subnet-a", "subnet-b", "subnet-a"]);
});

test("an image's own settings come before the factory's; another VPC takes none of the factory's groups", () => {
  const some = factoryIn({
    subnet: { subnetIds: ["subnet-c"] },
    group: { securityGroupIds: ["sg-2"], publicIp: true },
    vpc: { vpcId: "vpc-2", subnetIds: ["subnet-d"] },
  });

  const networks = Object.keys(some.images).map((name) => buildNetworkOf(some, name));

  expect(networks).toEqual([
    { vpcId: "vpc-1", subnetId: "subnet-c", securityGroupIds: ["sg-1"], publicIp: false },
    { vpcId: "vpc-1", subnetId: "subnet-b", securityGroupIds: ["sg-2"], publicIp: true },
    { vpcId: "vpc-2", subnetId: "subnet-d", publicIp: false },
  ]);
});

test("without a network, images are built in the default VPC", () => {
  expect(buildNetworkOf({ ...factoryIn({ one: undefined }), network: undefined } as Factory, "one")).toBeUndefined();
});
