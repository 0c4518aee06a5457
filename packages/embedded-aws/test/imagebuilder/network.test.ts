import type { UpdateImagePipelineCommandInput } from "@aws-sdk/client-imagebuilder";
import { expect, test } from "vitest";
import { type NetworkSeed, seedNetwork } from "../../src/services/ec2/network/seed-network.ts";
import { networkOf, removeDefaultVpcs } from "../../src/services/ec2/network/state.ts";
import { runningInstances } from "../../src/services/imagebuilder/build/launch-instance.ts";
import { ACCOUNT, aBuilder, REGION } from "./builder.ts";

const NOT_REPORTING = /^Workflow Execution ID: .* Step timed out while step is verifying the SSM Agent availability/;

/**
 * An account without a default VPC, with one seeded network; builds go to its first private subnet, or its
 * public one, which gives no addresses.
 */
async function builderIn(seed: Partial<NetworkSeed> | undefined, inPublic = false) {
  const world = await aBuilder();
  const { aws, builder, pipeline, start, image, pass } = world;
  removeDefaultVpcs(aws, ACCOUNT);
  if (seed) seedNetwork(aws, ACCOUNT, { region: REGION, name: "build", ...seed });
  const subnets = [...networkOf(aws, { account: ACCOUNT, region: REGION }).subnets.values()];
  const subnet = subnets.find((one) => one.mapsPublicIp === inPublic);
  if (subnet) subnet.mapsPublicIp = false;
  const made = await builder("CreateInfrastructureConfiguration", {
    name: "in-network",
    instanceProfileName: "builder",
    ...(subnet && { subnetId: subnet.id }),
  });
  const imagePipelineArn = await pipeline();
  const { imagePipeline } = await builder<{ imagePipeline: UpdateImagePipelineCommandInput }>("GetImagePipeline", {
    imagePipelineArn,
  });
  await builder("UpdateImagePipeline", {
    imagePipelineArn,
    imageRecipeArn: imagePipeline.imageRecipeArn,
    infrastructureConfigurationArn: made.infrastructureConfigurationArn,
  });
  const arn = await start(imagePipelineArn);
  return { aws, subnet, pass, state: async () => (await image(arn)).state };
}

test("Without a default VPC, a build that names no subnet fails with EC2's words", async () => {
  const { pass, state } = await builderIn(undefined);

  await pass(120);

  expect(await state()).toMatchObject({
    status: "FAILED",
    reason: expect.stringMatching(/VPCIdNotSpecified: No default VPC for this user/),
    failureContext: { failedStep: "LaunchBuildInstance" },
  });
});

test("A build runs in the subnet of its infrastructure configuration, through a NAT gateway", async () => {
  const { aws, subnet, pass, state } = await builderIn({});

  await pass(6);
  const running = runningInstances(aws, ACCOUNT, REGION).map((one) => one.subnet.id);
  await pass(120);

  expect(running).toEqual([subnet?.id]);
  expect(await state()).toMatchObject({ status: "AVAILABLE" });
});

test.each([
  ["without a route", { egress: "none" }, false],
  ["whose agent lacks an endpoint", { egress: "none", endpoints: ["ssm", "imagebuilder", "s3"] }, false],
  ["in a public subnet without a public address", {}, true],
] as const)("A build %s never reports to Systems Manager, and times out", async (_, seed, inPublic) => {
  const { pass, state } = await builderIn(seed, inPublic);

  await pass(60);
  const waiting = await state();
  await pass(60);

  expect(waiting).toMatchObject({ status: "BUILDING" });
  expect(await state()).toMatchObject({ status: "FAILED", reason: expect.stringMatching(NOT_REPORTING) });
});

test("VPC endpoints are enough; without S3's, no component can be downloaded", async () => {
  const endpoints = ["ssm", "ssmmessages", "imagebuilder"];
  const whole = await builderIn({ egress: "none", endpoints: [...endpoints, "s3"] });
  const partial = await builderIn({ egress: "none", endpoints });

  await whole.pass(120);
  await partial.pass(120);

  expect(await whole.state()).toMatchObject({ status: "AVAILABLE" });
  expect(await partial.state()).toMatchObject({
    status: "FAILED",
    reason: expect.stringMatching(/s3\.eu-west-1\.amazonaws\.com cannot be reached from subnet/),
    failureContext: { failedStep: "ApplyBuildComponents" },
  });
});
