import type { DescribeImagesCommandOutput } from "@aws-sdk/client-ecr";
import type { CreateContainerRecipeCommandInput } from "@aws-sdk/client-imagebuilder";
import { allow, policy } from "../policy.ts";
import { ACCOUNT, aBuilder, document, OTHER_REGION, REGION } from "./builder.ts";

export const REPOSITORY = "acme/web";
export const TEMPLATE =
  "FROM {{{ imagebuilder:parentImage }}}\n{{{ imagebuilder:environments }}}\n{{{ imagebuilder:components }}}\n";
export const TARGET = { service: "ECR", repositoryName: REPOSITORY } as const;
export const uri = (tag: string, region = REGION): string =>
  `${ACCOUNT}.dkr.ecr.${region}.amazonaws.com/${REPOSITORY}:${tag}`;

const PULL = "ecr:GetDownloadUrlForLayer";
/** Permissions of AWS's policy for instances that build container images; private parents also need `PULL`. */
export const PUSH = [
  "imagebuilder:GetContainerRecipe",
  "ecr:GetAuthorizationToken",
  "ecr:BatchCheckLayerAvailability",
  "ecr:BatchGetImage",
  "ecr:InitiateLayerUpload",
  "ecr:UploadLayerPart",
  "ecr:CompleteLayerUpload",
  "ecr:PutImage",
];

/** A builder with repositories in two regions, whose instances may push; and shortcuts for container recipes. */
export async function aContainerBuilder(options: { may?: readonly string[] } = {}) {
  const builder = await aBuilder();
  const { call, component } = builder;
  for (const region of [REGION, OTHER_REGION]) {
    await call("ecr", "CreateRepository", { repositoryName: REPOSITORY, imageTagMutability: "IMMUTABLE" }, region);
  }
  const PolicyDocument = policy(allow(options.may ?? [...PUSH, PULL]));
  await call("iam", "PutRolePolicy", { RoleName: "instance", PolicyName: "push", PolicyDocument });
  const harden = await component("harden", document("build", "Configure"));
  const smoke = await component("smoke", document("test", "Boot"));

  async function containerRecipe(more: Partial<CreateContainerRecipeCommandInput> = {}): Promise<string> {
    const made = await builder.builder("CreateContainerRecipe", {
      containerType: "DOCKER",
      name: "acme web",
      semanticVersion: "1.0.0",
      parentImage: "amazonlinux:2023",
      components: [{ componentArn: harden }, { componentArn: smoke }],
      dockerfileTemplateData: TEMPLATE,
      targetRepository: TARGET,
      ...more,
    });
    return made.containerRecipeArn ?? "";
  }

  /** A pipeline of a container recipe. */
  async function containerPipeline(
    more: Record<string, unknown> = {},
    recipe: Partial<CreateContainerRecipeCommandInput> = {},
  ): Promise<string> {
    const { imagePipelineArn } = await builder.builder<{ imagePipelineArn: string }>("CreateImagePipeline", {
      name: "acme-web",
      containerRecipeArn: await containerRecipe(recipe),
      infrastructureConfigurationArn: await builder.infrastructure(),
      ...more,
    });
    return imagePipelineArn;
  }

  async function distribution(distributions: object[]): Promise<string> {
    const made = await builder.builder<{ distributionConfigurationArn: string }>("CreateDistributionConfiguration", {
      name: "acme-web",
      distributions,
    });
    return made.distributionConfigurationArn;
  }

  async function imagesIn(region = REGION, repositoryName = REPOSITORY) {
    const { imageDetails = [] } = await call<DescribeImagesCommandOutput>(
      "ecr",
      "DescribeImages",
      { repositoryName },
      region,
    );
    return imageDetails;
  }
  return { ...builder, harden, smoke, containerRecipe, containerPipeline, distribution, imagesIn };
}
