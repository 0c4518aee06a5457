import type * as Sdk from "@aws-sdk/client-ecr";
import type { ImageFailure, ImageIdentifier } from "@aws-sdk/client-ecr";
import type { Call, Operations } from "../../engine/operation.ts";
import { onRepository } from "./authorization.ts";
import { failure, findImage, isFailure } from "./find-image.ts";
import { requireRepository } from "./find-repository.ts";
import { announceImage } from "./image-events.ts";
import { listsOf, removeImage } from "./remove-image.ts";
import { type Repository, tagsOf } from "./state.ts";

export const operations = {
  /** A tag takes itself away, and the image with it where it was the last; a digest takes all its tags (API reference). */
  BatchDeleteImage: {
    authorize: (input, call) => [onRepository(call, input)],
    run(input, call) {
      const repository = requireRepository(call, input);
      const done = (input.imageIds ?? []).map((asked) => remove(call, repository, asked));
      const gone = done.filter((one): one is ImageIdentifier[] => Array.isArray(one));
      return {
        imageIds: gone.flat(),
        failures: done.filter((one): one is ImageFailure => !Array.isArray(one)),
      };
    },
  },
} satisfies Operations<typeof Sdk>;

function remove(call: Call, repository: Repository, asked: ImageIdentifier): ImageIdentifier[] | ImageFailure {
  const found = findImage(repository, asked);
  if (isFailure(found)) return found;
  const { digest } = found.image;
  const tags = tagsOf(repository, digest);
  const untags = asked.imageTag !== undefined && asked.imageDigest === undefined && tags.length > 1;
  if (untags) {
    repository.tags.delete(asked.imageTag ?? "");
    announceImage(call.aws, repository, "DELETE", digest, asked.imageTag);
    return [{ imageDigest: digest, imageTag: asked.imageTag }];
  }
  const lists = listsOf(repository, digest);
  if (lists.length > 0) {
    return failure(
      asked,
      "ImageReferencedByManifestList",
      `Requested image referenced by manifest list: [${lists.join(", ")}]`,
    );
  }
  const removed = removeImage(call.aws, repository, digest);
  return removed.length > 0
    ? removed.map((imageTag) => ({ imageDigest: digest, imageTag }))
    : [{ imageDigest: digest }];
}
