import type * as Sdk from "@aws-sdk/client-imagebuilder";
import type { Call } from "../../engine/operation.ts";
import { scansInstances, scansRepositories } from "../inspector2/state.ts";
import { requireArn } from "./arn.ts";
import { alsoOn, type Needs, passing } from "./authorization.ts";
import { inspectorOff, invalidCombination, invalidValue, missing, notBuilt } from "./refusals.ts";
import { type Item, RESOURCES, type ResourceName } from "./resource-table.ts";
import { findResource } from "./resources.ts";

/** Settings that pipelines and single images share: what to build, how, and where to distribute it. */
type BuildSettings = Pick<
  Sdk.CreateImagePipelineCommandInput,
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
  readonly infrastructure: Sdk.InfrastructureConfiguration;
  readonly distribution: Sdk.DistributionConfiguration | undefined;
}

export interface AmiResources extends SharedResources {
  readonly kind: "AMI";
  readonly recipe: Sdk.ImageRecipe;
}

export interface ContainerResources extends SharedResources {
  readonly kind: "DOCKER";
  readonly recipe: Sdk.ContainerRecipe;
}

/** Where the resources of settings are. */
type Site = Pick<Call, "aws" | "account" | "region">;

export type BuildResources = AmiResources | ContainerResources;

/** The read permissions that AWS requires for all resources in the settings. */
export const settingsNeeds = (settings: BuildSettings, call: Call): Needs => [
  ...alsoOn(call, "GetImageRecipe", settings.imageRecipeArn),
  ...alsoOn(call, "GetContainerRecipe", settings.containerRecipeArn),
  ...alsoOn(call, "GetInfrastructureConfiguration", settings.infrastructureConfigurationArn),
  ...alsoOn(call, "GetDistributionConfiguration", settings.distributionConfigurationArn),
  ...passing(call, settings.executionRole),
];

/** All resources in the settings. @throws AWS's error for one that does not exist */
export function requireResources(settings: BuildSettings, call: Site): BuildResources {
  if (settings.workflows?.length) {
    if (!settings.executionRole) {
      throw invalidCombination("An execution role is required to provide workflows.");
    }
    throw notBuilt("own workflows");
  }
  const { infrastructureConfigurationArn = "", distributionConfigurationArn } = settings;
  return {
    ...requireRecipe(settings, call),
    infrastructure: requireNamed(call, "InfrastructureConfiguration", infrastructureConfigurationArn),
    distribution:
      distributionConfigurationArn === undefined
        ? undefined
        : requireNamed(call, "DistributionConfiguration", distributionConfigurationArn),
  };
}

/**
 * Amazon Inspector must be enabled for what a pipeline or an image scans: EC2 for AMIs, ECR for container images.
 * Checked when settings are given, by pipelines and single images (terraform-provider-aws #35674, aws-cdk #37061).
 */
export function requireInspector(
  { imageScanningConfiguration: scanning }: BuildSettings,
  { kind }: Pick<BuildResources, "kind">,
  { aws, account, region }: Site,
): void {
  if (!scanning?.imageScanningEnabled) return;
  const isOn = kind === "AMI" ? scansInstances(aws, account, region) : scansRepositories(aws, account, region);
  if (!isOn) throw inspectorOff(kind === "AMI" ? "ec2" : "ecr", account);
}

function requireRecipe(
  { imageRecipeArn, containerRecipeArn }: BuildSettings,
  call: Site,
): Pick<AmiResources, "kind" | "recipe"> | Pick<ContainerResources, "kind" | "recipe"> {
  if (containerRecipeArn === undefined) {
    if (imageRecipeArn === undefined) throw missing("imageRecipeArn");
    return { kind: "AMI", recipe: requireNamed(call, "ImageRecipe", imageRecipeArn) };
  }
  if (imageRecipeArn !== undefined) {
    throw invalidCombination("Only one of imageRecipeArn and containerRecipeArn can be provided.");
  }
  return { kind: "DOCKER", recipe: requireNamed(call, "ContainerRecipe", containerRecipeArn) };
}

/** A resource in the settings; if it does not exist, the setting's value is invalid. */
function requireNamed<Name extends ResourceName>(call: Site, name: Name, arn: string): Item<Name> {
  const { kind, versions, arn: parameter } = RESOURCES[name];
  if (versions) requireArn(arn, kind, versions.get, parameter);
  const found = findResource(call.aws, call, name, arn);
  if (!found) throw invalidValue(parameter, `The ${kind.replaceAll("-", " ")} '${arn}' does not exist.`);
  return found;
}

/** The resources that an image's description contains. */
export const describeResources = ({ kind, recipe, infrastructure, distribution }: BuildResources) => ({
  name: recipe.name ?? "",
  version: recipe.version ?? "",
  platform: recipe.platform,
  type: kind,
  ...(kind === "AMI" ? { imageRecipe: recipe } : { containerRecipe: recipe }),
  infrastructureConfiguration: infrastructure,
  distributionConfiguration: distribution,
});
