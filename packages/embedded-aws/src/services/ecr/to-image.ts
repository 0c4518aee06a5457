import type { Image } from "@aws-sdk/client-ecr";
import type { Repository, StoredImage } from "./state.ts";

/** As PutImage and BatchGetImage answer it; a tag only where the request named one. */
export const toImage = ({ account, name }: Repository, image: StoredImage, tag: string | undefined): Image => ({
  registryId: account,
  repositoryName: name,
  imageId: { imageDigest: image.digest, ...(tag !== undefined && { imageTag: tag }) },
  imageManifest: image.manifest,
  imageManifestMediaType: image.mediaType,
});
