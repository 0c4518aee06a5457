import type {
  CreateImagePipelineCommandInput,
  DistributionConfiguration,
  ImageRecipe,
  InfrastructureConfiguration,
} from "@aws-sdk/client-imagebuilder";
import type { Call } from "../../operation.ts";
import { alsoOn, type Needs, passing } from "./authorization.ts";
import { requireArn, required } from "./check-input.ts";
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

export interface BuildResources {
  readonly recipe: ImageRecipe;
  readonly infrastructure: InfrastructureConfiguration;
  readonly distribution: DistributionConfiguration | undefined;
}

/** The read permissions that AWS asks for on everything the settings name. */
export const settingsNeeds = (settings: BuildSettings, call: Call): Needs => [
  ...alsoOn(call, "GetImageRecipe", settings.imageRecipeArn),
  ...alsoOn(call, "GetInfrastructureConfiguration", settings.infrastructureConfigurationArn),
  ...alsoOn(call, "GetDistributionConfiguration", settings.distributionConfigurationArn),
  ...passing(call, settings.executionRole),
];

/** Everything the settings name, refused as AWS does where it isn't there. */
export function requireResources(settings: BuildSettings, call: Call): BuildResources {
  if (settings.containerRecipeArn) throw notBuilt("container recipes");
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
  const recipeArn = required(settings.imageRecipeArn, "imageRecipeArn");
  requireArn(recipeArn, "image-recipe", "version-or-pattern", "imageRecipeArn");
  const recipe = findRecipe(call.aws, call, recipeArn);
  if (!recipe) throw invalidValue("imageRecipeArn", `The image recipe '${recipeArn}' does not exist.`);
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
  return { recipe, infrastructure, distribution };
}
