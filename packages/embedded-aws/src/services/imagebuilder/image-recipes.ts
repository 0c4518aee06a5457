import type * as Sdk from "@aws-sdk/client-imagebuilder";
import { AwsError, type Call, type Operations } from "../../engine/operation.ts";
import { arnOf, isVersionPattern, normalised, parseArn, requireVersion } from "./arn.ts";
import { alsoOn, making, once } from "./authorization.ts";
import { lookUpParent, resolvesAtCreation } from "./build/resolve-parent.ts";
import { checkComponents } from "./components.ts";
import { latestVersionReferences } from "./find-version.ts";
import { findImages } from "./images.ts";
import { findManagedImage } from "./managed-images.ts";
import { alreadyExists, invalidValue } from "./refusals.ts";
import { builderState } from "./state.ts";

export const operations = {
  CreateImageRecipe: {
    authorize: (input, call) => [
      ...making(call, "image-recipe", [input.name, input.semanticVersion], input.tags),
      ...(input.components ?? []).flatMap((one) => alsoOn(call, "GetComponent", one.componentArn)),
      ...alsoOn(call, "GetImage", input.parentImage),
    ],
    run: (input, call) => once(call, "CreateImageRecipe", input, () => create(input, call)),
  },
} satisfies Operations<typeof Sdk>;

const AMI_ID = /^ami-[0-9a-f]{8,17}$/;

/**
 * Checks a recipe's parent: an AMI id, `ssm:` with a parameter's name or ARN, or the ARN of an Image Builder image of
 * the caller or of AWS. The first two are resolved here, unless only builds do that.
 */
async function checkParent(call: Call, parent: string): Promise<void> {
  if (AMI_ID.test(parent)) return checkAmi(call, parent);
  if (parent.startsWith("ssm:")) {
    if (/^ssm:(\/[\w./-]+|[\w./-]+|arn:aws[^:]*:ssm:.+:parameter\/.+)$/.test(parent)) return checkAmi(call, parent);
    throw invalidValue("parentImage", `'${parent}' must be ssm: followed by a parameter's name or ARN.`);
  }
  const parts = parseArn(parent);
  if (parts?.kind !== "image" || parts.version === undefined || !isVersionPattern(parts.version)) {
    throw invalidValue("parentImage", `'${parent}' must be an AMI id, an ssm: parameter, or an image ARN.`);
  }
  const isThere =
    parts.account === "aws" ? findManagedImage(call.aws, parent) : findImages(call.aws, call, parent).length > 0;
  if (!isThere) {
    throw invalidValue("parentImage", `The image '${parent}' does not exist.`);
  }
}

/** With the permissions of the recipe's creator. AWS's message for a parameter that does not exist is not known. */
async function checkAmi(call: Call, parent: string): Promise<void> {
  if (!resolvesAtCreation(call.aws)) return;
  try {
    await lookUpParent(call.aws, call, parent, call.principal);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    if (/^(AccessDenied|UnauthorizedOperation)/.test(error.code)) {
      throw new AwsError("AccessDeniedException", error.message, { status: 403 });
    }
    throw invalidValue(
      "parentImage",
      error.code === "ParameterNotFound" ? `${named(parent)} does not exist.` : error.message,
    );
  }
}

const named = (parent: string): string => `The parameter '${parent.slice("ssm:".length)}'`;

async function create(input: Sdk.CreateImageRecipeCommandInput, call: Call) {
  const { name = "", parentImage = "" } = input;
  const version = requireVersion(input.semanticVersion);
  await checkParent(call, parentImage);
  const platform = checkComponents(call, input.components ?? []) ?? "Linux";
  const arn = arnOf(call, "image-recipe", normalised(name), version);
  const { recipes } = call.aws.state(builderState, call.account, call.region);
  // Recipes are immutable: an existing version is refused, whatever its content.
  if (recipes.has(arn)) throw alreadyExists("ImageRecipe", arn);
  const recipe: Sdk.ImageRecipe = {
    arn,
    type: "AMI",
    name,
    description: input.description,
    platform,
    owner: call.account,
    version,
    components: input.components ?? [],
    parentImage,
    blockDeviceMappings: input.blockDeviceMappings,
    dateCreated: new Date(call.aws.clock.now()).toISOString(),
    tags: { ...input.tags },
    workingDirectory: input.workingDirectory,
    additionalInstanceConfiguration: input.additionalInstanceConfiguration,
    amiTags: { ...input.amiTags },
  };
  recipes.set(arn, structuredClone(recipe));
  return {
    requestId: call.requestId,
    clientToken: input.clientToken,
    imageRecipeArn: arn,
    latestVersionReferences: latestVersionReferences(arn),
  };
}
