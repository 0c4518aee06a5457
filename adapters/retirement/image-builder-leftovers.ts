import { type EC2Client, paginateDescribeInstances, TerminateInstancesCommand } from "@aws-sdk/client-ec2";
import {
  DeleteComponentCommand,
  DeleteImageCommand,
  DeleteImageRecipeCommand,
  GetContainerRecipeCommand,
  GetImageCommand,
  GetImageRecipeCommand,
  type ImagebuilderClient,
  paginateListComponentBuildVersions,
  paginateListComponents,
  paginateListContainerRecipes,
  paginateListImagePipelines,
  paginateListImageRecipes,
  paginateListImages,
} from "@aws-sdk/client-imagebuilder";
import {
  BUILDER_TAG,
  type FoundInstance,
  type FoundPart,
  type ImageEnd,
} from "../../core/retirement/plan-leftovers.ts";
import type { ImageResourceArn } from "../../events/ids.ts";

/**
 * Image Builder forgets the image; its AMI stays (API reference, DeleteImage).
 * @returns `gone`: somebody else had deleted it; `needed`: a recipe starts from it (ResourceDependencyException)
 */
export async function deleteImageResource(
  client: ImagebuilderClient,
  arn: ImageResourceArn,
): Promise<"deleted" | "gone" | "needed"> {
  try {
    await client.send(new DeleteImageCommand({ imageBuildVersionArn: arn }));
  } catch (error) {
    if (error instanceof Error && error.name === "ResourceNotFoundException") return "gone";
    if (error instanceof Error && error.name === "ResourceDependencyException") return "needed";
    throw error;
  }
  return "deleted";
}

/** Image Builder's states in which an image is not worked on (API reference, ImageState). */
const ENDED = ["AVAILABLE", "CANCELLED", "FAILED", "DEPRECATED", "DELETED", "DISABLED"];

/** The instances of a factory's builds that are not terminated. All pages, or an error. */
export async function listBuilderInstances(client: EC2Client, factory: string): Promise<FoundInstance[]> {
  const found: FoundInstance[] = [];
  const Filters = [
    { Name: "tag:amint:factory", Values: [factory] },
    { Name: `tag:${BUILDER_TAG.key}`, Values: [BUILDER_TAG.value] },
    { Name: "instance-state-name", Values: ["pending", "running", "stopping", "stopped"] },
  ];
  for await (const { Reservations = [] } of paginateDescribeInstances({ client }, { Filters })) {
    for (const { InstanceId, LaunchTime, Tags = [] } of Reservations.flatMap(({ Instances = [] }) => Instances)) {
      if (!InstanceId || !LaunchTime) continue;
      const tags = Object.fromEntries(Tags.map(({ Key = "", Value = "" }) => [Key, Value]));
      found.push({ instanceId: InstanceId, launchedAt: LaunchTime.toISOString(), tags });
    }
  }
  return found;
}

/** Whether Image Builder works on an image still. */
export async function readImageEnd(client: ImagebuilderClient, arn: string): Promise<ImageEnd> {
  try {
    const { image } = await client.send(new GetImageCommand({ imageBuildVersionArn: arn }));
    return ENDED.includes(image?.state?.status ?? "") ? "ended" : "under way";
  } catch (error) {
    if (error instanceof Error && error.name === "ResourceNotFoundException") return "gone";
    throw error;
  }
}

/** One that is gone is as good (EC2 API reference, "Error codes"). */
export async function terminateInstance(client: EC2Client, instance: string): Promise<void> {
  try {
    await client.send(new TerminateInstancesCommand({ InstanceIds: [instance] }));
  } catch (error) {
    if (!(error instanceof Error && error.name === "InvalidInstanceID.NotFound")) throw error;
  }
}

/** Every version of every image recipe of the account. */
export async function listRecipes(client: ImagebuilderClient): Promise<FoundPart[]> {
  const found: FoundPart[] = [];
  for await (const page of paginateListImageRecipes({ client }, { owner: "Self" })) {
    for (const { arn, name, dateCreated, tags } of page.imageRecipeSummaryList ?? []) {
      if (arn && name) found.push({ arn, name, createdAt: dateCreated, tags: tags ?? {} });
    }
  }
  return found;
}

/** What refers to image recipes: pipelines, and images, which are named after their recipe's version. */
export async function listRecipeReferences(client: ImagebuilderClient): Promise<string[]> {
  const references: string[] = [];
  for await (const page of paginateListImagePipelines({ client }, {})) {
    for (const { imageRecipeArn } of page.imagePipelineList ?? []) if (imageRecipeArn) references.push(imageRecipeArn);
  }
  for await (const page of paginateListImages({ client }, { owner: "Self", includeDeprecated: true })) {
    for (const { arn } of page.imageVersionList ?? [])
      if (arn) references.push(arn.replace(":image/", ":image-recipe/"));
  }
  return references;
}

/** Every build of every component of the account of whose name there is more than one version. */
export async function listReplacedComponents(client: ImagebuilderClient): Promise<FoundPart[]> {
  const versions: { arn: string; name: string }[] = [];
  for await (const page of paginateListComponents({ client }, { owner: "Self" })) {
    for (const { arn, name } of page.componentVersionList ?? []) if (arn && name) versions.push({ arn, name });
  }
  const found: FoundPart[] = [];
  for (const some of Map.groupBy(versions, ({ name }) => name).values()) {
    if (some.length < 2) continue;
    for (const { arn: componentVersionArn } of some) {
      for await (const page of paginateListComponentBuildVersions({ client }, { componentVersionArn })) {
        for (const { arn, name, dateCreated, tags } of page.componentSummaryList ?? []) {
          if (arn && name) found.push({ arn, name, createdAt: dateCreated, tags: tags ?? {} });
        }
      }
    }
  }
  return found;
}

/** What refers to components: recipes of images and of containers, whosever they are. */
export async function listComponentReferences(client: ImagebuilderClient): Promise<string[]> {
  const references: string[] = [];
  for (const { arn } of await listRecipes(client)) {
    const { imageRecipe } = await client.send(new GetImageRecipeCommand({ imageRecipeArn: arn }));
    references.push(...(imageRecipe?.components ?? []).flatMap(({ componentArn }) => componentArn ?? []));
  }
  for await (const page of paginateListContainerRecipes({ client }, { owner: "Self" })) {
    for (const { arn: containerRecipeArn } of page.containerRecipeSummaryList ?? []) {
      const { containerRecipe } = await client.send(new GetContainerRecipeCommand({ containerRecipeArn }));
      references.push(...(containerRecipe?.components ?? []).flatMap(({ componentArn }) => componentArn ?? []));
    }
  }
  return references;
}

/** @returns false where something refers to it after all */
export const deleteRecipe = (client: ImagebuilderClient, arn: string): Promise<boolean> =>
  unlessNeeded(client.send(new DeleteImageRecipeCommand({ imageRecipeArn: arn })));

/** @returns false where something refers to it after all */
export const deleteComponent = (client: ImagebuilderClient, arn: string): Promise<boolean> =>
  unlessNeeded(client.send(new DeleteComponentCommand({ componentBuildVersionArn: arn })));

/** Image Builder deletes nothing that others depend on (API reference, ResourceDependencyException). */
async function unlessNeeded(deletion: Promise<unknown>): Promise<boolean> {
  try {
    await deletion;
  } catch (error) {
    if (error instanceof Error && error.name === "ResourceDependencyException") return false;
    if (!(error instanceof Error && error.name === "ResourceNotFoundException")) throw error;
  }
  return true;
}
