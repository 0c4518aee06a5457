import { DescribeImagesCommand, type ECRClient } from "@aws-sdk/client-ecr";
import type { ImageUri } from "../../core/containers/references.ts";
import { findImage, type Repository } from "./repository-images.ts";

/** When an image was pulled from a repository for the last time, as far as ECR tells. */
interface PullRecord {
  readonly repository: string;
  /** ISO 8601, late by a day at most; of one that nobody pulled, when it was pushed: whoever pulled it then is not seen. */
  readonly lastAt: string;
}

/**
 * Of an image in each of the repositories that have it. ECR records a pull at least once a day (API reference,
 * ImageDetail, `lastRecordedPullTime`), and none of images that were never pulled since.
 * @throws NoDates where ECR says neither, which proves nothing
 */
export async function readPulls(
  client: ECRClient,
  repositories: readonly Repository[],
  digest: string,
): Promise<PullRecord[]> {
  const found = await Promise.all(
    repositories.map(async (repository): Promise<PullRecord[]> => {
      const image = await findImage(client, repository, { imageDigest: digest });
      if (!image) return [];
      const last = image.pulledAt ?? image.pushedAt;
      if (!last) throw new NoDates(digest, repository);
      return [{ repository: repository.repositoryName, lastAt: last.toISOString() }];
    }),
  );
  return found.flat();
}

class NoDates extends Error {
  override readonly name = "NoDates";

  constructor(digest: string, { repositoryName }: Repository) {
    super(`ECR does not say when ${digest} in ${repositoryName} was pushed or pulled.`);
  }
}

/** A container image as ECR knows it. */
interface PushedImage {
  /** `sha256:...` */
  readonly digest: string;
  /** Of its layers as they are pushed and pulled, compressed (ECR API reference, ImageDetail, `imageSizeInBytes`). */
  readonly bytes: number | undefined;
}

/** The image that a tag or a digest names in a repository now. Undefined if the image or the repository does not exist. */
export async function findPushed(
  client: ECRClient,
  { repository, by }: Pick<ImageUri, "repository" | "by">,
): Promise<PushedImage | undefined> {
  try {
    const { imageDetails: [image] = [] } = await client.send(
      new DescribeImagesCommand({ repositoryName: repository, imageIds: [by] }),
    );
    return image?.imageDigest ? { digest: image.imageDigest, bytes: image.imageSizeInBytes } : undefined;
  } catch (error) {
    if (error instanceof Error && /^(ImageNotFound|RepositoryNotFound)Exception$/.test(error.name)) return undefined;
    throw error;
  }
}
