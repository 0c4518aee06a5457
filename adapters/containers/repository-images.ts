import {
  BatchDeleteImageCommand,
  DescribeImagesCommand,
  type ECRClient,
  GetRepositoryPolicyCommand,
  type ImageDetail,
  type ImageIdentifier,
  paginateDescribeImages,
} from "@aws-sdk/client-ecr";
import { unlessError } from "../unless-error.ts";

/** A repository of a registry. */
export interface Repository {
  readonly registryId: string;
  readonly repositoryName: string;
}

/** An image as its repository describes it. */
export interface RepositoryImage {
  readonly digest: string;
  readonly tags: readonly string[];
  /** `available`, or ECR's other status: `archived`, ... */
  readonly state: string;
  /** Config and layers, compressed. */
  readonly bytes: number;
  readonly pushedAt: Date | undefined;
  /** Updated by ECR at least daily (API reference, ImageDetail); undefined where it was never pulled. */
  readonly pulledAt: Date | undefined;
}

/**
 * Finds an image by digest or tag; does not count as a pull. Undefined where the image or the repository does not
 * exist.
 */
export async function findImage(
  client: ECRClient,
  repository: Repository,
  id: ImageIdentifier,
): Promise<RepositoryImage | undefined> {
  const describe = new DescribeImagesCommand({ ...repository, imageIds: [id] });
  const image = (await unlessError(client.send(describe), NOT_FOUND))?.imageDetails?.[0];
  return image && toImage(image);
}

const NOT_FOUND = /^(ImageNotFound|RepositoryNotFound)Exception$/;

const toImage = (detail: ImageDetail): RepositoryImage => ({
  digest: detail.imageDigest ?? "",
  tags: detail.imageTags ?? [],
  state:
    detail.imageStatus === undefined || detail.imageStatus === "ACTIVE"
      ? "available"
      : detail.imageStatus.toLowerCase(),
  bytes: detail.imageSizeInBytes ?? 0,
  pushedAt: detail.imagePushedAt,
  pulledAt: detail.lastRecordedPullTime,
});

/**
 * Removes an image with all its tags, by digest; or a tag, by name (API reference, BatchDeleteImage). Does nothing
 * where it does not exist.
 * @throws NotRemoved with ECR's reason
 */
export async function removeFrom(client: ECRClient, repository: Repository, id: ImageIdentifier): Promise<void> {
  const remove = new BatchDeleteImageCommand({ ...repository, imageIds: [id] });
  const { failures = [] } = (await unlessError(client.send(remove), NOT_FOUND)) ?? {};
  const failure = failures.find(({ failureCode }) => failureCode !== "ImageNotFound");
  if (failure) throw new NotRemoved(repository, id, failure.failureReason ?? failure.failureCode ?? "no reason");
}

class NotRemoved extends Error {
  override readonly name = "NotRemoved";

  constructor({ repositoryName }: Repository, { imageDigest, imageTag }: ImageIdentifier, why: string) {
    super(`${imageDigest ?? imageTag} was not removed from the repository ${repositoryName}: ${why}`);
  }
}

/** All images in a repository. */
export async function listImages(client: ECRClient, repository: Repository): Promise<RepositoryImage[]> {
  const images: RepositoryImage[] = [];
  for await (const { imageDetails = [] } of paginateDescribeImages({ client }, repository)) {
    images.push(...imageDetails.map(toImage));
  }
  return images;
}

/** A repository's policy as JSON; undefined where it has none or does not exist. */
export async function readRepositoryPolicy(client: ECRClient, repository: Repository): Promise<string | undefined> {
  try {
    const { policyText } = await client.send(new GetRepositoryPolicyCommand({ ...repository }));
    return policyText;
  } catch (error) {
    const isNone =
      error instanceof Error &&
      ["RepositoryPolicyNotFoundException", "RepositoryNotFoundException"].includes(error.name);
    if (isNone) return undefined;
    throw error;
  }
}
