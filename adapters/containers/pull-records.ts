import { DescribeImagesCommand, type ECRClient } from "@aws-sdk/client-ecr";
import type { ImageUri } from "../../core/containers/references.ts";
import { unlessError } from "../unless-error.ts";
import { findImage, type Repository } from "./repository-images.ts";

/** The last recorded pull of an image from a repository. */
interface PullRecord {
  readonly repository: string;
  /** ISO 8601, up to a day late; for an image without a recorded pull, its push time. */
  readonly lastAt: string;
}

/**
 * An image's last pull in each repository that has it. ECR records pulls at least daily (API reference, ImageDetail,
 * `lastRecordedPullTime`); images that were never pulled have no record.
 * @throws NoDates where ECR returns neither date, which proves nothing
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
    super(
      `ECR returned no push or pull time of ${digest} in ${repositoryName}, so its use is unknown: it must be kept.`,
    );
  }
}

/** A pushed container image in ECR. */
interface PushedImage {
  /** `sha256:...` */
  readonly digest: string;
  /** The compressed layers (ECR API reference, ImageDetail, `imageSizeInBytes`). */
  readonly bytes: number | undefined;
}

/** Resolves a tag or digest in a repository. Undefined if the image or the repository does not exist. */
export async function findPushed(
  client: ECRClient,
  { repository, by }: Pick<ImageUri, "repository" | "by">,
): Promise<PushedImage | undefined> {
  const describe = new DescribeImagesCommand({ repositoryName: repository, imageIds: [by] });
  const found = await unlessError(client.send(describe), /^(ImageNotFound|RepositoryNotFound)Exception$/);
  const image = found?.imageDetails?.[0];
  return image?.imageDigest ? { digest: image.imageDigest, bytes: image.imageSizeInBytes } : undefined;
}
