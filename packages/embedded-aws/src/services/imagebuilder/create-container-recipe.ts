import type * as Sdk from "@aws-sdk/client-imagebuilder";
import type { ContainerRecipe, CreateContainerRecipeCommandInput } from "@aws-sdk/client-imagebuilder";
import { AwsError } from "../../engine/aws-error.ts";
import type { Call, Operations } from "../../engine/operation.ts";
import { arnOf, normalised } from "./arn.ts";
import { alsoOn, making } from "./authorization.ts";
import { callService } from "./call-service.ts";
import { checkComponents } from "./check-components.ts";
import { checkContainerParent } from "./check-container-parent.ts";
import { checkDockerfile } from "./check-dockerfile.ts";
import { fetchDocument } from "./fetch-document.ts";
import { latestVersionReferences } from "./find-version.ts";
import { once } from "./once.ts";
import { alreadyExists, invalidCombination, invalidValue } from "./refusals.ts";
import { requireVersion } from "./semantic-version.ts";
import { builderState } from "./state.ts";

export const operations = {
  CreateContainerRecipe: {
    authorize: (input, call) => [
      ...making(call, "container-recipe", [input.name, input.semanticVersion], input.tags),
      ...(input.components ?? []).flatMap((one) => alsoOn(call, "GetComponent", one.componentArn)),
      ...alsoOn(call, "GetImage", input.parentImage),
    ],
    run: (input, call) => once(call, "CreateContainerRecipe", input, () => create(input, call)),
  },
} satisfies Operations<typeof Sdk>;

async function create(input: CreateContainerRecipeCommandInput, call: Call) {
  const { name = "", containerType, parentImage = "", components = [] } = input;
  const version = requireVersion(input.semanticVersion);
  const ofParent = checkContainerParent(call, parentImage);
  const ofComponents = checkComponents(call, components);
  const platform = ofParent ?? input.platformOverride ?? ofComponents ?? "Linux";
  if (ofComponents !== undefined && ofComponents !== platform) {
    throw invalidCombination(`The components are for ${ofComponents}, the parent image is for ${platform}.`);
  }
  const template = checkDockerfile(await templateOf(input, call), components.length > 0);
  await requireTarget(input, call);
  const arn = arnOf(call, "container-recipe", normalised(name), version);
  const { containerRecipes } = call.aws.state(builderState, call.account, call.region);
  if (containerRecipes.has(arn)) throw alreadyExists("ContainerRecipe", arn);
  const recipe: ContainerRecipe = {
    arn,
    containerType,
    name,
    description: input.description,
    platform,
    owner: call.account,
    version,
    components,
    instanceConfiguration: input.instanceConfiguration,
    dockerfileTemplateData: template,
    kmsKeyId: input.kmsKeyId,
    encrypted: true,
    parentImage,
    dateCreated: new Date(call.aws.clock.now()).toISOString(),
    tags: { ...input.tags },
    workingDirectory: input.workingDirectory,
    targetRepository: input.targetRepository,
  };
  containerRecipes.set(arn, structuredClone(recipe));
  return {
    requestId: call.requestId,
    clientToken: input.clientToken,
    containerRecipeArn: arn,
    latestVersionReferences: latestVersionReferences(arn),
  };
}

/** Inline, or read once from S3 with the caller's permissions; the recipe keeps the text. */
function templateOf(input: CreateContainerRecipeCommandInput, call: Call): string | Promise<string> {
  const { dockerfileTemplateData: data, dockerfileTemplateUri: uri } = input;
  if (data !== undefined && uri === undefined) return data;
  if (uri !== undefined && data === undefined) return fetchDocument(call, uri);
  throw invalidCombination("Exactly one of dockerfileTemplateData and dockerfileTemplateUri must be provided.");
}

/** The repository must be there when the recipe is made, in the region of the build; the caller must be able to see it. */
async function requireTarget({ targetRepository }: CreateContainerRecipeCommandInput, call: Call): Promise<void> {
  const repositoryName = targetRepository?.repositoryName;
  try {
    await callService(call.aws, "ecr", "DescribeRepositories", { repositoryNames: [repositoryName] }, call);
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== "RepositoryNotFoundException") throw error;
    throw invalidValue("targetRepository.repositoryName", `The repository '${repositoryName}' does not exist.`);
  }
}
