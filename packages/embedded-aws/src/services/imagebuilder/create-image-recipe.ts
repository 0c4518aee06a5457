import type * as Sdk from "@aws-sdk/client-imagebuilder";
import type { CreateImageRecipeCommandInput, ImageRecipe } from "@aws-sdk/client-imagebuilder";
import type { Call, Operations } from "../../engine/operation.ts";
import { arnOf, normalised } from "./arn.ts";
import { alsoOn, making } from "./authorization.ts";
import { checkComponents } from "./check-components.ts";
import { checkParent } from "./check-parent.ts";
import { latestVersionReferences } from "./find-version.ts";
import { once } from "./once.ts";
import { alreadyExists } from "./refusals.ts";
import { requireVersion } from "./semantic-version.ts";
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

function create(input: CreateImageRecipeCommandInput, call: Call) {
  const { name = "", parentImage = "" } = input;
  const version = requireVersion(input.semanticVersion);
  checkParent(call, parentImage);
  const platform = checkComponents(call, input.components ?? []) ?? "Linux";
  const arn = arnOf(call, "image-recipe", normalised(name), version);
  const { recipes } = call.aws.state(builderState, call.account, call.region);
  // Recipes are immutable: the same version is refused, whatever is in it.
  if (recipes.has(arn)) throw alreadyExists("ImageRecipe", arn);
  const recipe: ImageRecipe = {
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
