import type * as Sdk from "@aws-sdk/client-imagebuilder";
import { AwsError, type Call, type Operations } from "../../engine/operation.ts";
import { arnOf, isVersionPattern, normalised, parseArn, requireVersion } from "./arn.ts";
import { alsoOn, making, once } from "./authorization.ts";
import { checkComponents } from "./components.ts";
import { fetchDocument } from "./fetch-document.ts";
import { latestVersionReferences } from "./find-version.ts";
import { findImages } from "./images.ts";
import { alreadyExists, invalidCombination, invalidValue, notBuilt } from "./refusals.ts";
import { builderState, callService } from "./state.ts";

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

/**
 * Registry and repository, then a tag, a digest or neither: `amazonlinux:latest`, `<account>.dkr.ecr…/web@sha256:…`.
 */
const REFERENCE = /^[a-z0-9][\w.-]*(:\d+)?(\/[a-z0-9][\w.-]*)*(:[\w][\w.-]{0,127}|@sha256:[0-9a-f]{64})?$/;

/**
 * Checks a container recipe's parent: the ARN of the caller's Image Builder container image, or a container image of a
 * registry, which is resolved when a build starts. Answers the platform if the parent states it.
 */
function checkContainerParent(call: Call, parent: string): Sdk.Platform | undefined {
  if (!parent.startsWith("arn:")) {
    if (REFERENCE.test(parent) && !/^ami-[0-9a-f]{8,17}$/.test(parent)) return undefined;
    throw invalidValue("parentImage", `'${parent}' is neither a container image of a registry nor an image ARN.`);
  }
  const parts = parseArn(parent);
  if (parts?.kind !== "image" || parts.version === undefined || !isVersionPattern(parts.version)) {
    throw invalidValue("parentImage", `'${parent}' is neither a container image of a registry nor an image ARN.`);
  }
  if (parts.account === "aws") throw notBuilt(`an image owned by AWS as parent (${parent})`);
  const found = findImages(call.aws, call, parent).at(-1)?.image;
  if (!found) throw invalidValue("parentImage", `The image '${parent}' does not exist.`);
  if (found.type !== "DOCKER") throw invalidValue("parentImage", `The image '${parent}' is not a container image.`);
  return found.platform;
}

/** "Create a new version of a container recipe", Image Builder user guide: the Dockerfile template's variables. */
const variable = (name: string): string => `{{{ imagebuilder:${name} }}}`;

/**
 * Every template needs the base image, and the components of a recipe that has some. The guide shows all three variables
 * and does not say which are required: inferred from what a build needs.
 */
const REQUIRED = ["parentImage"];

const WITH_COMPONENTS = ["environments", "components"];

/**
 * Checks that a Dockerfile template contains the variables that a build needs, and no unknown ones.
 * @throws AwsError InvalidParameterValueException naming the variable
 */
function checkDockerfile(template: string, hasComponents: boolean): string {
  const found = [...template.matchAll(/\{\{\{\s*imagebuilder:([^}\s]*)\s*\}\}\}/g)].map(([, name = ""]) => name);
  const missing = [...REQUIRED, ...(hasComponents ? WITH_COMPONENTS : [])].find((name) => !found.includes(name));
  const parameter = "dockerfileTemplateData";
  if (missing) throw invalidValue(parameter, `The Dockerfile template must contain '${variable(missing)}'.`);
  const known = [...REQUIRED, ...WITH_COMPONENTS];
  const unknown = found.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const valid = known.map(variable).join(", ");
    throw invalidValue(parameter, `The Dockerfile template has '${variable(unknown)}'; valid are ${valid}.`);
  }
  return template;
}

async function create(input: Sdk.CreateContainerRecipeCommandInput, call: Call) {
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
  const recipe: Sdk.ContainerRecipe = {
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

/** Inline, or read once from S3 with the caller's permissions; the recipe stores the text. */
function templateOf(input: Sdk.CreateContainerRecipeCommandInput, call: Call): string | Promise<string> {
  const { dockerfileTemplateData: data, dockerfileTemplateUri: uri } = input;
  if (data !== undefined && uri === undefined) return data;
  if (uri !== undefined && data === undefined) return fetchDocument(call, uri);
  throw invalidCombination("Exactly one of dockerfileTemplateData and dockerfileTemplateUri must be provided.");
}

/** The repository must exist in the build region when the recipe is created, and be visible to the caller. */
async function requireTarget({ targetRepository }: Sdk.CreateContainerRecipeCommandInput, call: Call): Promise<void> {
  const repositoryName = targetRepository?.repositoryName;
  try {
    await callService(call.aws, "ecr", "DescribeRepositories", { repositoryNames: [repositoryName] }, call);
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== "RepositoryNotFoundException") throw error;
    throw invalidValue("targetRepository.repositoryName", `The repository '${repositoryName}' does not exist.`);
  }
}
