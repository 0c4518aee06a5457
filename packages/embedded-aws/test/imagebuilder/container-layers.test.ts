import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { accountPrincipal } from "../../src/engine/principal.ts";
import { digestOf } from "../../src/services/ecr/manifest.ts";
import { pullImage } from "../../src/services/imagebuilder/build/container/registry.ts";
import { ACCOUNT, OTHER_REGION, REGION } from "./builder.ts";
import { aContainerBuilder, PUSH, REPOSITORY, uri } from "./container-builder.ts";

const HOURS = 120;
const imageId = { imageTag: "1.0.0-1" };
const source = {
  principal: accountPrincipal(ACCOUNT),
  registryId: ACCOUNT,
  region: REGION,
  repositoryName: REPOSITORY,
};

test("a build's layers are archives that tar unpacks, and its config knows what is in them", async () => {
  const { aws, containerPipeline, start, pass } = await aContainerBuilder();
  await start(await containerPipeline());
  await pass(HOURS);

  const { layers } = await pullImage(aws, { ...source, imageId });

  const unpacked = layers.map(({ blob }) => {
    const { status, stdout, stderr } = spawnSync("tar", ["--extract", "--gzip", "--to-stdout"], { input: blob });
    expect(stderr.toString()).toBe("");
    expect(status).toBe(0);
    return stdout.toString();
  });
  expect(unpacked[0]).toBe("amazonlinux:2023");
  expect(unpacked[1]).toContain("Simulated: nothing was executed.\nFROM amazonlinux:2023");
  for (const { blob, diffId } of layers) {
    const { stdout } = spawnSync("gzip", ["--decompress"], { input: blob });
    expect(digestOf(stdout)).toBe(diffId);
  }
});

test("a child on a private parent fails where the instance may not have the parent's layers", async () => {
  const { containerPipeline, containerRecipe, builder, infrastructure, call, start, pass, image } =
    await aContainerBuilder({ may: PUSH });
  await start(await containerPipeline());
  await pass(HOURS);
  await call("ecr", "CreateRepository", { repositoryName: "acme/child" });
  const targetRepository = { service: "ECR" as const, repositoryName: "acme/child" };

  const { imageBuildVersionArn } = await builder<{ imageBuildVersionArn: string }>("CreateImage", {
    containerRecipeArn: await containerRecipe({ name: "child", parentImage: uri("1.0.0-1"), targetRepository }),
    infrastructureConfigurationArn: await infrastructure("child"),
  });
  await pass(HOURS);

  expect((await image(imageBuildVersionArn)).state?.reason).toContain(
    "is not authorized to perform: ecr:GetDownloadUrlForLayer",
  );
});

test.each([
  ["m7g.large", "arm64"],
  ["m7i.large", "amd64"],
])("an image that is built on %s is for %s", async (instanceType, architecture) => {
  const { aws, builder, containerRecipe, pass } = await aContainerBuilder();
  const { infrastructureConfigurationArn } = await builder<{ infrastructureConfigurationArn: string }>(
    "CreateInfrastructureConfiguration",
    { name: "by-type", instanceProfileName: "builder", instanceTypes: [instanceType] },
  );

  await builder("CreateImage", { containerRecipeArn: await containerRecipe(), infrastructureConfigurationArn });
  await pass(HOURS);

  const { config } = await pullImage(aws, { ...source, imageId });
  expect(config).toMatchObject({ architecture });
});

const container = (region: string, containerTags: string[], repositoryName = REPOSITORY) => ({
  region,
  containerDistributionConfiguration: { containerTags, targetRepository: { service: "ECR", repositoryName } },
});

test("a container image is pushed in the build region to the repository of the first region that its distribution lists", async () => {
  const { call, containerPipeline, distribution, start, pass, image, imagesIn } = await aContainerBuilder();
  for (const region of [REGION, OTHER_REGION]) {
    await call("ecr", "CreateRepository", { repositoryName: "acme/elsewhere" }, region);
  }
  const distributionConfigurationArn = await distribution([
    container(OTHER_REGION, ["there"], "acme/elsewhere"),
    container(REGION, ["here"]),
  ]);

  const arn = await start(await containerPipeline({ distributionConfigurationArn }));
  await pass(120);

  expect((await image(arn)).state?.status).toBe("AVAILABLE");
  expect(await imagesIn(REGION, "acme/elsewhere")).toMatchObject([{ imageTags: ["1.0.0-1"] }]);
  expect(await imagesIn(OTHER_REGION, "acme/elsewhere")).toMatchObject([{ imageTags: ["1.0.0-1", "there"] }]);
  expect(await imagesIn(REGION)).toMatchObject([{ imageTags: ["1.0.0-1", "here"] }]);
});
