import { type ECRClient, paginateDescribeImages, RepositoryNotFoundException } from "@aws-sdk/client-ecr";
import type { StoredContainer } from "../../core/cost/usage.ts";
import type { Factory } from "../../core/factory/factory-schema.ts";
import { buildsRepository, channelRepository } from "../../core/names.ts";

const GIB = 1024 ** 3;

/**
 * The images in a factory's repositories in a region. Sizes are those of whole images: layers that images of one
 * repository share count for each, although ECR bills them once.
 */
export async function listStoredContainers(
  client: ECRClient,
  region: string,
  { name, images, buildRegion }: Pick<Factory, "name" | "images" | "buildRegion">,
): Promise<StoredContainer[]> {
  const found: StoredContainer[] = [];
  for (const [image, { kind, channels }] of Object.entries(images)) {
    if (kind !== "container") continue;
    const builds = buildsRepository(name, image);
    for (const repository of [builds, ...channels.map((channel) => channelRepository(name, image, channel.name))]) {
      const copied = repository === builds && region !== buildRegion;
      for (const one of await readSizes(client, repository)) found.push({ image, region, repository, copied, ...one });
    }
  }
  return found;
}

async function readSizes(client: ECRClient, repositoryName: string): Promise<{ pushedAt: string; gib: number }[]> {
  const sizes: { pushedAt: string; gib: number }[] = [];
  try {
    for await (const { imageDetails = [] } of paginateDescribeImages({ client }, { repositoryName })) {
      for (const { imagePushedAt, imageSizeInBytes = 0 } of imageDetails) {
        if (imagePushedAt) sizes.push({ pushedAt: imagePushedAt.toISOString(), gib: imageSizeInBytes / GIB });
      }
    }
  } catch (error) {
    // An image may not be in every region of the factory.
    if (!(error instanceof RepositoryNotFoundException)) throw error;
  }
  return sizes;
}
