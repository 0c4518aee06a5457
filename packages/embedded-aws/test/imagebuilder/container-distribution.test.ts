import { expect, test } from "vitest";
import { OTHER_REGION, REGION } from "./builder.ts";
import { aContainerBuilder, REPOSITORY } from "./container-builder.ts";

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
