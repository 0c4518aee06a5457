import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { accountPrincipal } from "../../src/engine/principal.ts";
import { digestOf } from "../../src/services/ecr/manifest.ts";
import { pullImage } from "../../src/services/imagebuilder/build/container/registry.ts";
import { ACCOUNT, builderArn, OTHER_REGION, REGION } from "./builder.ts";
import { aContainerBuilder, PUSH, REPOSITORY, TARGET, TEMPLATE, uri } from "./container-builder.ts";

describe("a container recipe", () => {
  test("is stored unchanged, found by version patterns, listed, and deleted", async () => {
    const { builder, containerRecipe, harden, smoke } = await aContainerBuilder();
    const arn = await containerRecipe({ tags: { team: "images" } });
    await containerRecipe({ semanticVersion: "1.2.0", instanceConfiguration: { image: "ami-12345678" } });

    const { containerRecipe: first } = await builder("GetContainerRecipe", { containerRecipeArn: arn });
    const { containerRecipe: newest } = await builder("GetContainerRecipe", {
      containerRecipeArn: builderArn("container-recipe/acme-web/1.x.x"),
    });
    await builder("DeleteContainerRecipe", { containerRecipeArn: arn });
    const { containerRecipeSummaryList } = await builder("ListContainerRecipes");

    expect(arn).toBe(builderArn("container-recipe/acme-web/1.0.0"));
    expect(first).toEqual({
      arn,
      containerType: "DOCKER",
      name: "acme web",
      platform: "Linux",
      owner: ACCOUNT,
      version: "1.0.0",
      components: [{ componentArn: harden }, { componentArn: smoke }],
      dockerfileTemplateData: TEMPLATE,
      encrypted: true,
      parentImage: "amazonlinux:2023",
      dateCreated: "2026-04-01T08:00:00.000Z",
      tags: { team: "images" },
      targetRepository: TARGET,
    });
    expect(newest?.version).toBe("1.2.0");
    expect(containerRecipeSummaryList).toMatchObject([{ containerType: "DOCKER", instanceImage: "ami-12345678" }]);
  });

  test("reads its Dockerfile from S3 once, and stores it", async () => {
    const { builder, call, containerRecipe } = await aContainerBuilder();
    const CreateBucketConfiguration = { LocationConstraint: REGION };
    await call("s3", "CreateBucket", { Bucket: "templates", CreateBucketConfiguration });
    await call("s3", "PutObject", { Bucket: "templates", Key: "Dockerfile", Body: Buffer.from(TEMPLATE) });

    const containerRecipeArn = await containerRecipe({
      dockerfileTemplateData: undefined,
      dockerfileTemplateUri: "s3://templates/Dockerfile",
    });

    const { containerRecipe: made } = await builder("GetContainerRecipe", { containerRecipeArn });
    expect(made?.dockerfileTemplateData).toBe(TEMPLATE);
  });

  test("keeps its components from being deleted", async () => {
    const { builder, harden, containerRecipe } = await aContainerBuilder();
    const containerRecipeArn = await containerRecipe();
    const remove = () => builder("DeleteComponent", { componentBuildVersionArn: harden });

    await expect(remove()).rejects.toThrow(expect.objectContaining({ code: "ResourceDependencyException" }));
    await builder("DeleteContainerRecipe", { containerRecipeArn });
    await remove();
  });

  const without = (name: string) => TEMPLATE.replace(`{{{ imagebuilder:${name} }}}`, "");
  test.each([
    [{ dockerfileTemplateData: without("parentImage") }, "must contain '{{{ imagebuilder:parentImage }}}'"],
    [{ dockerfileTemplateData: without("components") }, "must contain '{{{ imagebuilder:components }}}'"],
    [{ dockerfileTemplateData: without("environments") }, "must contain '{{{ imagebuilder:environments }}}'"],
    [{ dockerfileTemplateData: `${TEMPLATE}{{{ imagebuilder:secrets }}}` }, "has '{{{ imagebuilder:secrets }}}'"],
    [{ dockerfileTemplateData: `${TEMPLATE}${"#".repeat(16_000)}` }, "dockerfileTemplateData"],
    [{ dockerfileTemplateUri: "s3://templates/Dockerfile" }, "Exactly one of"],
    [{ dockerfileTemplateData: undefined }, "Exactly one of"],
    [{ targetRepository: { service: "ECR" as const, repositoryName: "none" } }, "repository 'none' does not exist"],
    [{ parentImage: "ami-12345678" }, "is neither a container image"],
    [{ parentImage: "ssm:/aws/service/x" }, "is neither a container image"],
    [{ parentImage: builderArn("image/none/x.x.x") }, "does not exist"],
    [{ platformOverride: "Windows" as const }, "The components are for Linux"],
  ])("is refused with invalid input: $1", async (more, message) => {
    const { containerRecipe } = await aContainerBuilder();

    await expect(containerRecipe(more)).rejects.toThrow(message);
  });

  test("without components needs no variable but the parent's", async () => {
    const { containerRecipe } = await aContainerBuilder();

    const arn = await containerRecipe({
      components: undefined,
      dockerfileTemplateData: "FROM {{{imagebuilder:parentImage}}}",
    });

    expect(arn).toContain("container-recipe/acme-web/1.0.0");
  });

  test("of the same version is refused, and one that a pipeline uses is not deleted", async () => {
    const { builder, containerRecipe, containerPipeline } = await aContainerBuilder();
    await containerPipeline();

    await expect(containerRecipe()).rejects.toMatchObject({ code: "ResourceAlreadyExistsException" });
    const deletion = builder("DeleteContainerRecipe", {
      containerRecipeArn: builderArn("container-recipe/acme-web/1.0.0"),
    });

    await expect(deletion).rejects.toMatchObject({ code: "ResourceDependencyException" });
  });

  test("of an AMI cannot be its parent, and a pipeline has one recipe", async () => {
    const { pipeline, start, pass, containerRecipe, builder, infrastructure } = await aContainerBuilder();
    // The AMI's pipeline makes components of these names itself.
    for (const name of ["harden", "smoke"]) {
      await builder("DeleteComponent", { componentBuildVersionArn: builderArn(`component/${name}/1.0.0/1`) });
    }
    const ami = await start(await pipeline());
    await pass(120);
    const both = {
      name: "both",
      imageRecipeArn: builderArn("image-recipe/acme-base/1.0.0"),
      containerRecipeArn: builderArn("container-recipe/acme-web/1.0.0"),
      infrastructureConfigurationArn: await infrastructure("other"),
    };

    await expect(containerRecipe({ parentImage: ami })).rejects.toThrow("is not a container image");
    await expect(builder("CreateImagePipeline", both)).rejects.toThrow("Only one of");
  });
});

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
