import type { ImageFailure, ImageFailureCode, ImageIdentifier } from "@aws-sdk/client-ecr";
import type { Repository, StoredImage } from "./state.ts";

export interface FoundImage {
  readonly image: StoredImage;
  /** The tag that the request named. */
  readonly tag: string | undefined;
}

/** The image that a digest, a tag, or both name; else why there is none, as batch operations answer it. */
export function findImage(repository: Repository, asked: ImageIdentifier): FoundImage | ImageFailure {
  const { imageDigest: digest, imageTag: tag } = asked;
  if (digest === undefined && tag === undefined) {
    return failure(asked, "MissingDigestAndTag", "Invalid request parameters: both tag and digest cannot be null");
  }
  if (digest !== undefined && !/^sha256:[0-9a-f]{64}$/.test(digest)) {
    return failure(
      asked,
      "InvalidImageDigest",
      "Invalid request parameters: image digest should satisfy the regex '[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+'",
    );
  }
  const pointed = tag === undefined ? undefined : repository.tags.get(tag);
  if (tag !== undefined && digest !== undefined && pointed !== undefined && pointed !== digest) {
    return failure(asked, "ImageTagDoesNotMatchDigest", "Requested image tag does not match the digest");
  }
  const image = tag !== undefined && pointed === undefined ? undefined : repository.images.get(digest ?? pointed ?? "");
  return image ? { image, tag } : failure(asked, "ImageNotFound", "Requested image not found");
}

export const isFailure = (found: FoundImage | ImageFailure): found is ImageFailure => "failureCode" in found;

export const failure = (
  imageId: ImageIdentifier,
  failureCode: ImageFailureCode,
  failureReason: string,
): ImageFailure => ({ imageId: { ...imageId }, failureCode, failureReason });

/** In the form that ECR shows an image id in its messages. */
export const shownId = ({ imageDigest, imageTag }: ImageIdentifier): string =>
  `{imageDigest:'${imageDigest ?? "null"}', imageTag:'${imageTag ?? "null"}'}`;
