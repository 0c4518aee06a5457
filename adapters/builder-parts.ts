import {
  DeleteComponentCommand,
  DeleteImageRecipeCommand,
  GetContainerRecipeCommand,
  GetImageRecipeCommand,
  type ImagebuilderClient,
  paginateListComponentBuildVersions,
  paginateListComponents,
  paginateListContainerRecipes,
  paginateListImagePipelines,
  paginateListImageRecipes,
  paginateListImages,
} from "@aws-sdk/client-imagebuilder";
import type { FoundPart } from "../core/clean-up/plan-parts.ts";

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
