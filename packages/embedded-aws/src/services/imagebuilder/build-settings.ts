import type {
  ContainerRecipe,
  CreateImagePipelineCommandInput,
  DistributionConfiguration,
  ImageRecipe,
  InfrastructureConfiguration,
} from "@aws-sdk/client-imagebuilder";
import type { Call } from "../../engine/operation.ts";
import { alsoOn, type Needs, passing } from "./authorization.ts";
import { requireArn, required } from "./check-input.ts";
import { findContainerRecipe } from "./container-recipes.ts";
import { findRecipe } from "./image-recipes.ts";
import { invalidCombination, invalidValue, notBuilt } from "./refusals.ts";
import { builderState } from "./state.ts";

/** What pipelines and single images have in common: what to build, on what, and where it goes. */
export type BuildSettings = Pick<
  CreateImagePipelineCommandInput,
  | "imageRecipeArn"
  | "containerRecipeArn"
  | "infrastructureConfigurationArn"
  | "distributionConfigurationArn"
  | "imageTestsConfiguration"
  | "imageScanningConfiguration"
  | "enhancedImageMetadataEnabled"
  | "workflows"
  | "executionRole"
>;

interface SharedResources {
  readonly infrastructure: InfrastructureConfiguration;
  readonly distribution: DistributionConfiguration | undefined;
}

export interface AmiResources extends SharedResources {
  readonly kind: "AMI";
  readonly recipe: ImageRecipe;
}

export interface ContainerResources extends SharedResources {
  readonly kind: "DOCKER";
  readonly recipe: ContainerRecipe;
}

export type BuildResources = AmiResources | ContainerResources;

/** The read permissions that AWS asks for on everything the settings name. */
export const settingsNeeds = (settings: BuildSettings, call: Call): Needs => [
  ...alsoOn(call, "GetImageRecipe", settings.imageRecipeArn),
  ...alsoOn(call, "GetContainerRecipe", settings.containerRecipeArn),
  ...alsoOn(call, "GetInfrastructureConfiguration", settings.infrastructureConfigurationArn),
  ...alsoOn(call, "GetDistributionConfiguration", settings.distributionConfigurationArn),
  ...passing(call, settings.executionRole),
];

/** Everything the settings name, refused as AWS does where it isn't there. */
export function requireResources(settings: BuildSettings, call: Call): BuildResources {
  if (settings.workflows?.length) {
    if (!settings.executionRole) {
      throw invalidCombination("An execution role is required to provide workflows.");
    }
    throw notBuilt("own workflows");
  }
  const timeout = settings.imageTestsConfiguration?.timeoutMinutes;
  if (timeout !== undefined && (timeout < 60 || timeout > 1440)) {
    throw invalidValue("imageTestsConfiguration.timeoutMinutes", "It must be between 60 and 1440.");
  }
  const { infrastructures, distributions } = call.aws.state(builderState, call.account, call.region);
  const chosen = requireRecipe(settings, call);
  const infrastructureArn = required(settings.infrastructureConfigurationArn, "infrastructureConfigurationArn");
  const infrastructure = infrastructures.get(infrastructureArn);
  if (!infrastructure) {
    throw invalidValue(
      "infrastructureConfigurationArn",
      `The infrastructure configuration '${infrastructureArn}' does not exist.`,
    );
  }
  const distributionArn = settings.distributionConfigurationArn;
  const distribution = distributionArn === undefined ? undefined : distributions.get(distributionArn);
  if (distributionArn !== undefined && !distribution) {
    throw invalidValue(
      "distributionConfigurationArn",
      `The distribution configuration '${distributionArn}' does not exist.`,
    );
  }
  return { ...chosen, infrastructure, distribution };
}

function requireRecipe(
  { imageRecipeArn, containerRecipeArn }: BuildSettings,
  call: Call,
): Pick<AmiResources, "kind" | "recipe"> | Pick<ContainerResources, "kind" | "recipe"> {
  if (containerRecipeArn === undefined) {
    const arn = required(imageRecipeArn, "imageRecipeArn");
    requireArn(arn, "image-recipe", "version-or-pattern", "imageRecipeArn");
    const recipe = findRecipe(call.aws, call, arn);
    if (!recipe) throw invalidValue("imageRecipeArn", `The image recipe '${arn}' does not exist.`);
    return { kind: "AMI", recipe };
  }
  if (imageRecipeArn !== undefined) {
    throw invalidCombination("Only one of imageRecipeArn and containerRecipeArn can be provided.");
  }
  requireArn(containerRecipeArn, "container-recipe", "version-or-pattern", "containerRecipeArn");
  const recipe = findContainerRecipe(call.aws, call, containerRecipeArn);
  if (!recipe) {
    throw invalidValue("containerRecipeArn", `The container recipe '${containerRecipeArn}' does not exist.`);
  }
  return { kind: "DOCKER", recipe };
}

/** What an image shows of the resources that it is built of. */
export const describeResources = ({ kind, recipe, infrastructure, distribution }: BuildResources) => ({
  name: recipe.name ?? "",
  version: recipe.version ?? "",
  platform: recipe.platform,
  type: kind,
  ...(kind === "AMI" ? { imageRecipe: recipe } : { containerRecipe: recipe }),
  infrastructureConfiguration: infrastructure,
  distributionConfiguration: distribution,
});
