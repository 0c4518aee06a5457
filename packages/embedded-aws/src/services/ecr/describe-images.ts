import type * as Sdk from "@aws-sdk/client-ecr";
import type { ImageDetail, TagStatus } from "@aws-sdk/client-ecr";
import type { Call, Operations } from "../../engine/operation.ts";
import { onRepository } from "./authorization.ts";
import { findImage, isFailure, shownId } from "./find-image.ts";
import { requireRepository } from "./find-repository.ts";
import { imageNotFound } from "./refusals.ts";
import { toScanStatus, toSummary } from "./scan-answer.ts";
import { type Repository, type StoredImage, tagsOf } from "./state.ts";

export const operations = {
  /** Images named one by one, or all of a repository. */
  DescribeImages: {
    list: "imageDetails",
    authorize: (input, call) => [onRepository(call, input)],
    run(input, call) {
      const repository = requireRepository(call, input);
      if (input.imageIds?.length) {
        const named = input.imageIds.map((asked) => {
          const found = findImage(repository, asked);
          if (isFailure(found)) throw imageNotFound(shownId(asked), repository.name, repository.account);
          return found.image;
        });
        return { imageDetails: [...new Set(named)].map((image) => toDetail(call, repository, image)) };
      }
      const all = [...repository.images.values()].filter(({ digest }) =>
        hasStatus(tagsOf(repository, digest), input.filter?.tagStatus),
      );
      return { imageDetails: all.map((image) => toDetail(call, repository, image)) };
    },
  },
  /** One entry per tag; images without tags have one of their digest. */
  ListImages: {
    list: "imageIds",
    authorize: (input, call) => [onRepository(call, input)],
    run(input, call) {
      const repository = requireRepository(call, input);
      const all = [...repository.images.keys()].flatMap((imageDigest) => {
        const tags = tagsOf(repository, imageDigest);
        if (!hasStatus(tags, input.filter?.tagStatus)) return [];
        return tags.length > 0 ? tags.map((imageTag) => ({ imageDigest, imageTag })) : [{ imageDigest }];
      });
      return { imageIds: all };
    },
  },
} satisfies Operations<typeof Sdk>;

const hasStatus = (tags: readonly string[], status: TagStatus = "ANY"): boolean =>
  status === "ANY" || (status === "TAGGED") === tags.length > 0;

function toDetail(call: Call, repository: Repository, image: StoredImage): ImageDetail {
  const tags = tagsOf(repository, image.digest);
  return {
    registryId: repository.account,
    repositoryName: repository.name,
    imageDigest: image.digest,
    ...(tags.length > 0 && { imageTags: tags }),
    imageSizeInBytes: image.size,
    imagePushedAt: new Date(image.pushedAt),
    imageManifestMediaType: image.mediaType,
    artifactMediaType: image.artifactMediaType,
    ...(image.pulledAt !== undefined && { lastRecordedPullTime: new Date(image.pulledAt) }),
    ...(image.scan && {
      imageScanStatus: toScanStatus(image.scan),
      imageScanFindingsSummary: toSummary(call.aws, image),
    }),
    imageStatus: "ACTIVE",
  };
}
