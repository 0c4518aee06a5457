import type { DescribeRepositoriesCommandOutput, GetRepositoryPolicyCommandOutput } from "@aws-sdk/client-ecr";
import type { GetImageCommandOutput } from "@aws-sdk/client-imagebuilder";
import { expect, test } from "vitest";
import { createAws } from "../../src/create-aws.ts";
import { deploy } from "../../src/deploy/deploy.ts";
import { VirtualClock } from "../../src/engine/clock/virtual-clock.ts";
import { accountPrincipal } from "../../src/engine/principal.ts";
import { allow } from "../policy.ts";
import { reference } from "./small-blueprint.ts";

const ACCOUNT = "111122223333";
const REGION = "eu-west-1";
const NAME = "acme/web";
const target = { service: "ECR", repositoryName: reference("Repository", "name") };
const policy = (Statement: object) => ({ Version: "2012-10-17", Statement: [Statement] });
const trust = policy({ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" });
const pull = policy({ Effect: "Allow", Principal: "*", Action: "ecr:BatchGetImage" });
const leftovers = {
  rules: [
    {
      rulePriority: 1,
      description: "images without a build's tag",
      selection: { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: 14 },
      action: { type: "expire" },
    },
  ],
};

/** A pipeline of a container image, as the provider names its parts. */
const resources = [
  {
    name: "Pipeline",
    type: "aws:imagebuilder/imagePipeline:ImagePipeline",
    inputs: {
      name: "acme-web",
      containerRecipeArn: reference("Recipe", "arn"),
      infrastructureConfigurationArn: reference("Infrastructure", "arn"),
      distributionConfigurationArn: reference("Distribution", "arn"),
      imageScanningConfiguration: {
        imageScanningEnabled: true,
        ecrConfiguration: { repositoryName: reference("Repository", "name"), containerTags: ["scan-1"] },
      },
    },
  },
  {
    name: "Recipe",
    type: "aws:imagebuilder/containerRecipe:ContainerRecipe",
    inputs: {
      name: "acme-web",
      version: "1.0.0",
      containerType: "DOCKER",
      parentImage: "amazonlinux:2023",
      dockerfileTemplateData: "FROM {{{ imagebuilder:parentImage }}}",
      targetRepository: target,
    },
  },
  {
    name: "Distribution",
    type: "aws:imagebuilder/distributionConfiguration:DistributionConfiguration",
    inputs: {
      name: "acme-web",
      distributions: [
        { region: REGION, containerDistributionConfiguration: { containerTags: ["newest"], targetRepository: target } },
      ],
    },
  },
  {
    name: "Infrastructure",
    type: "aws:imagebuilder/infrastructureConfiguration:InfrastructureConfiguration",
    inputs: { name: "acme", instanceProfileName: reference("Profile", "name") },
  },
  { name: "Profile", type: "aws:iam/instanceProfile:InstanceProfile", inputs: { name: "builder", role: "builder" } },
  {
    name: "Builder",
    type: "aws:iam/role:Role",
    inputs: {
      name: "builder",
      assumeRolePolicy: trust,
      inlinePolicies: [{ name: "push", policy: policy(allow(["ecr:*", "imagebuilder:Get*"])) }],
    },
  },
  {
    name: "Pull",
    type: "aws:ecr/repositoryPolicy:RepositoryPolicy",
    inputs: { repository: reference("Repository", "name"), policy: pull },
  },
  {
    name: "Leftovers",
    type: "aws:ecr/lifecyclePolicy:LifecyclePolicy",
    inputs: { repository: reference("Repository", "name"), policy: leftovers },
  },
  {
    name: "Repository",
    type: "aws:ecr/repository:Repository",
    inputs: {
      name: NAME,
      imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
      imageTagMutabilityExclusionFilters: [{ filterType: "WILDCARD", filter: "newest" }],
      encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: reference("Key", "arn") }],
      imageScanningConfiguration: { scanOnPush: true },
      forceDelete: true,
      tags: { team: "images" },
    },
  },
  {
    name: "Inspector",
    type: "aws:inspector2/enabler:Enabler",
    inputs: { accountIds: [ACCOUNT], resourceTypes: ["ECR"] },
  },
  { name: "Key", type: "aws:kms/key:Key", inputs: { enableKeyRotation: true } },
].map((one) => ({ ...one, region: REGION }));

test("a blueprint's repository, policies, recipe and pipeline build a container image", async () => {
  const clock = new VirtualClock(Date.UTC(2026, 3, 1, 8));
  const aws = createAws({ clock });
  const call = <Output>(service: string, operation: string, input: object): Promise<Output> =>
    aws.call(service, operation, input, { principal: accountPrincipal(ACCOUNT), region: REGION });
  const blueprint = { account: ACCOUNT, partition: "aws", buildRegion: REGION, resources };
  const deployment = await deploy(aws, blueprint, { root: import.meta.dirname, secrets: {} });
  const started = await call<{ imageBuildVersionArn: string }>("imagebuilder", "StartImagePipelineExecution", {
    imagePipelineArn: deployment.get("Pipeline")?.arn,
  });

  await clock.runUntil(clock.now() + 2 * 3_600_000);

  const { image } = await call<GetImageCommandOutput>("imagebuilder", "GetImage", started);
  const { repositories } = await call<DescribeRepositoriesCommandOutput>("ecr", "DescribeRepositories", {});
  const named = { repositoryName: NAME };
  const { policyText } = await call<GetRepositoryPolicyCommandOutput>("ecr", "GetRepositoryPolicy", named);
  const lifecycle = await call<{ lifecyclePolicyText: string }>("ecr", "GetLifecyclePolicy", named);
  const url = deployment.get("Repository")?.repositoryUrl;
  expect(url).toBe(`${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/${NAME}`);
  expect(image?.state).toEqual({ status: "AVAILABLE" });
  expect(image?.outputResources?.containers).toEqual([
    { region: REGION, imageUris: [`${url}:1.0.0-1`, `${url}:newest`] },
  ]);
  expect(repositories?.[0]).toMatchObject({
    imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
    imageTagMutabilityExclusionFilters: [{ filterType: "WILDCARD", filter: "newest" }],
    encryptionConfiguration: { encryptionType: "KMS", kmsKey: deployment.get("Key")?.arn },
    imageScanningConfiguration: { scanOnPush: true },
  });
  expect(JSON.parse(policyText ?? "")).toEqual(pull);
  expect(JSON.parse(lifecycle.lifecyclePolicyText)).toEqual(leftovers);
});
