import { type EC2Client, paginateDescribeInstances, TerminateInstancesCommand } from "@aws-sdk/client-ec2";
import {
  type ContainerRecipe,
  type ContainerRecipeSummary,
  DeleteComponentCommand,
  DeleteContainerRecipeCommand,
  DeleteImageCommand,
  DeleteImageRecipeCommand,
  GetContainerRecipeCommand,
  GetImageCommand,
  GetImageRecipeCommand,
  type ImagebuilderClient,
  type ImageRecipe,
  type ImageRecipeSummary,
  paginateListComponentBuildVersions,
  paginateListComponents,
  paginateListContainerRecipes,
  paginateListImagePipelines,
  paginateListImageRecipes,
  paginateListImages,
  TagResourceCommand,
} from "@aws-sdk/client-imagebuilder";
import {
  BUILDER_TAG,
  type FoundInstance,
  type FoundVersion,
  type ImageEnd,
} from "../../core/retirement/plan-leftovers.ts";
import type { ImageResourceArn } from "../../events/ids.ts";
import { unlessError } from "../unless-error.ts";

const NOT_FOUND = /^ResourceNotFoundException$/;

const FACTORY = "amint:factory";

/** Undefined where the image does not exist. */
async function readTags(
  client: ImagebuilderClient,
  arn: ImageResourceArn,
): Promise<Readonly<Record<string, string>> | undefined> {
  const found = await unlessError(client.send(new GetImageCommand({ imageBuildVersionArn: arn })), NOT_FOUND);
  return found && (found.image?.tags ?? {});
}

/** Whether the image resource exists without a factory's tag. */
export async function isUnmarkedResource(
  client: ImagebuilderClient,
  arn: ImageResourceArn,
  { factory }: { readonly factory: string },
): Promise<boolean> {
  const tags = await readTags(client, arn);
  return tags !== undefined && tags[FACTORY] !== factory;
}

/** Tags an image resource as a factory's. @returns false where it is tagged already, or does not exist */
export async function tagImageResource(
  client: ImagebuilderClient,
  arn: ImageResourceArn,
  { factory }: { readonly factory: string },
): Promise<boolean> {
  const tags = await readTags(client, arn);
  if (!tags || tags[FACTORY] === factory) return false;
  await client.send(new TagResourceCommand({ resourceArn: arn, tags: { [FACTORY]: factory } }));
  return true;
}

/**
 * Deletes the image resource; its AMI stays (API reference, DeleteImage).
 * @returns `gone`: it does not exist; `needed`: a recipe uses it as its parent (ResourceDependencyException);
 * `unmarked`: it has no factory tag yet
 */
export async function deleteImageResource(
  client: ImagebuilderClient,
  arn: ImageResourceArn,
  { factory }: { readonly factory: string },
): Promise<"deleted" | "gone" | "needed" | "unmarked"> {
  const tags = await readTags(client, arn);
  if (!tags) return "gone";
  if (tags[FACTORY] !== factory) return "unmarked";
  try {
    await client.send(new DeleteImageCommand({ imageBuildVersionArn: arn }));
  } catch (error) {
    if (error instanceof Error && error.name === "ResourceNotFoundException") return "gone";
    if (error instanceof Error && error.name === "ResourceDependencyException") return "needed";
    throw error;
  }
  return "deleted";
}

/** Image Builder's final states of an image (API reference, ImageState). */
const ENDED = ["AVAILABLE", "CANCELLED", "FAILED", "DEPRECATED", "DELETED", "DISABLED"];

/** A factory's build and test instances that are not terminated. Reads all pages. */
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

/** Whether Image Builder still works on an image. */
export async function readImageEnd(client: ImagebuilderClient, arn: string): Promise<ImageEnd> {
  const found = await unlessError(client.send(new GetImageCommand({ imageBuildVersionArn: arn })), NOT_FOUND);
  if (!found) return "gone";
  return ENDED.includes(found.image?.state?.status ?? "") ? "ended" : "under way";
}

/** Terminates an instance, if it exists (EC2 API reference, "Error codes"). */
export async function terminateInstance(client: EC2Client, instance: string): Promise<void> {
  const terminate = new TerminateInstancesCommand({ InstanceIds: [instance] });
  await unlessError(client.send(terminate), /^InvalidInstanceID\.NotFound$/);
}

/** A version of a recipe, with its parent. */
interface FoundRecipe extends FoundVersion {
  readonly parent: string | undefined;
}

/** Every version of all image recipes and container recipes of the account. */
export async function listRecipes(client: ImagebuilderClient): Promise<FoundRecipe[]> {
  const found: (ImageRecipeSummary | ContainerRecipeSummary)[] = [];
  for await (const page of paginateListImageRecipes({ client }, { owner: "Self" })) {
    found.push(...(page.imageRecipeSummaryList ?? []));
  }
  for await (const page of paginateListContainerRecipes({ client }, { owner: "Self" })) {
    found.push(...(page.containerRecipeSummaryList ?? []));
  }
  return found.flatMap(({ arn, dateCreated, parentImage, tags = {} }) =>
    arn ? [{ arn, createdAt: dateCreated, tags, parent: parentImage }] : [],
  );
}

/**
 * What refers to recipes: pipelines, images (including running builds), and the parents of recipes. An image has its
 * recipe's name and version.
 */
export async function listRecipeReferences(
  client: ImagebuilderClient,
  recipes: readonly FoundRecipe[],
): Promise<string[]> {
  const references: string[] = [];
  for await (const page of paginateListImagePipelines({ client }, {})) {
    for (const { imageRecipeArn, containerRecipeArn } of page.imagePipelineList ?? []) {
      references.push(...[imageRecipeArn, containerRecipeArn].filter((arn) => arn !== undefined));
    }
  }
  for await (const page of paginateListImages({ client }, { owner: "Self", includeDeprecated: true })) {
    references.push(...(page.imageVersionList ?? []).flatMap(({ arn }) => recipesOfImage(arn)));
  }
  references.push(...recipes.flatMap(({ parent }) => recipesOfImage(parent)));
  return references;
}

function recipesOfImage(arn = ""): string[] {
  const [kind = "", name, version] = arn.split("/");
  if (!kind.endsWith(":image")) return [];
  return ["image-recipe", "container-recipe"].map((one) => `${kind.replace(/image$/, one)}/${name}/${version}`);
}

/** Every version of all components of the account; their tags are those of their build versions. */
export async function listComponentVersions(client: ImagebuilderClient): Promise<Omit<FoundVersion, "tags">[]> {
  const found: Omit<FoundVersion, "tags">[] = [];
  for await (const page of paginateListComponents({ client }, { owner: "Self" })) {
    for (const { arn, dateCreated } of page.componentVersionList ?? [])
      if (arn) found.push({ arn, createdAt: dateCreated });
  }
  return found;
}

/** The build versions of components' versions. */
export async function listComponents(client: ImagebuilderClient, versions: readonly string[]): Promise<FoundVersion[]> {
  const found: FoundVersion[] = [];
  for (const componentVersionArn of versions) {
    for await (const page of paginateListComponentBuildVersions({ client }, { componentVersionArn })) {
      for (const { arn, dateCreated, tags = {} } of page.componentSummaryList ?? []) {
        if (arn) found.push({ arn, createdAt: dateCreated, tags });
      }
    }
  }
  return found;
}

/** What refers to components: image and container recipes, also those of others than the factory. */
export async function listComponentReferences(client: ImagebuilderClient): Promise<string[]> {
  const references: string[] = [];
  for (const { arn } of await listRecipes(client)) {
    const { components = [] } = await readRecipe(client, arn);
    references.push(...components.flatMap(({ componentArn }) => componentArn ?? []));
  }
  return references;
}

async function readRecipe(client: ImagebuilderClient, arn: string): Promise<ImageRecipe | ContainerRecipe> {
  if (isContainerRecipe(arn)) {
    const { containerRecipe } = await client.send(new GetContainerRecipeCommand({ containerRecipeArn: arn }));
    return containerRecipe ?? {};
  }
  const { imageRecipe } = await client.send(new GetImageRecipeCommand({ imageRecipeArn: arn }));
  return imageRecipe ?? {};
}

const isContainerRecipe = (arn: string): boolean => arn.includes(":container-recipe/");

/** @returns false where something refers to it */
export const deleteRecipe = (client: ImagebuilderClient, arn: string): Promise<boolean> =>
  unlessNeeded(
    isContainerRecipe(arn)
      ? client.send(new DeleteContainerRecipeCommand({ containerRecipeArn: arn }))
      : client.send(new DeleteImageRecipeCommand({ imageRecipeArn: arn })),
  );

/** @returns false where something refers to it */
export const deleteComponent = (client: ImagebuilderClient, arn: string): Promise<boolean> =>
  unlessNeeded(client.send(new DeleteComponentCommand({ componentBuildVersionArn: arn })));

/** Image Builder does not delete what other resources depend on (API reference, ResourceDependencyException). */
async function unlessNeeded(deletion: Promise<unknown>): Promise<boolean> {
  try {
    await deletion;
  } catch (error) {
    if (error instanceof Error && error.name === "ResourceDependencyException") return false;
    if (!(error instanceof Error && error.name === "ResourceNotFoundException")) throw error;
  }
  return true;
}
