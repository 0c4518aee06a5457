import type * as Sdk from "@aws-sdk/client-ecr";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import type { Call, Operations } from "../../engine/operation.ts";
import { publishServiceEvent } from "../events/publish-service-event.ts";
import { imageNotFound } from "./refusals.ts";
import { toScanStatus, toSummary } from "./scan-answer.ts";
import { onRepository, type Repository, requireRepository, type StoredImage, tagsOf } from "./state.ts";

export const operations = {
  /** The named images, or all of a repository. */
  DescribeImages: {
    list: "imageDetails",
    authorize: (input, call) => [onRepository(call, input)],
    run(input, call) {
      const repository = requireRepository(call, input);
      if (input.imageIds?.length) {
        const named = input.imageIds.map((asked) => requireImage(repository, asked).image);
        return { imageDetails: [...new Set(named)].map((image) => toDetail(call, repository, image)) };
      }
      const all = [...repository.images.values()].filter(({ digest }) =>
        hasStatus(tagsOf(repository, digest), input.filter?.tagStatus),
      );
      return { imageDetails: all.map((image) => toDetail(call, repository, image)) };
    },
  },
  /** One entry for each tag; an untagged image has one entry with its digest. */
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
  /** A tag removes only itself, and the image with its last tag; a digest removes all its tags (API reference). */
  BatchDeleteImage: {
    authorize: (input, call) => [onRepository(call, input)],
    run(input, call) {
      const repository = requireRepository(call, input);
      const done = (input.imageIds ?? []).map((asked) => remove(call, repository, asked));
      const gone = done.filter((one): one is Sdk.ImageIdentifier[] => Array.isArray(one));
      return {
        imageIds: gone.flat(),
        failures: done.filter((one): one is Sdk.ImageFailure => !Array.isArray(one)),
      };
    },
  },
} satisfies Operations<typeof Sdk>;

export interface FoundImage {
  readonly image: StoredImage;
  /** The tag in the request. */
  readonly tag: string | undefined;
}

/** The image for a digest, a tag, or both; otherwise the failure, as batch operations answer it. */
export function findImage(repository: Repository, asked: Sdk.ImageIdentifier): FoundImage | Sdk.ImageFailure {
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

/** @throws ImageNotFoundException */
export function requireImage(repository: Repository, asked: Sdk.ImageIdentifier = {}): FoundImage {
  const found = findImage(repository, asked);
  if (isFailure(found)) throw imageNotFound(shownId(asked), repository.name, repository.account);
  return found;
}

export const isFailure = (found: FoundImage | Sdk.ImageFailure): found is Sdk.ImageFailure => "failureCode" in found;

const failure = (
  imageId: Sdk.ImageIdentifier,
  failureCode: Sdk.ImageFailureCode,
  failureReason: string,
): Sdk.ImageFailure => ({ imageId: { ...imageId }, failureCode, failureReason });

/** An image id as ECR's messages show it. */
export const shownId = ({ imageDigest, imageTag }: Sdk.ImageIdentifier): string =>
  `{imageDigest:'${imageDigest ?? "null"}', imageTag:'${imageTag ?? "null"}'}`;

const hasStatus = (tags: readonly string[], status: Sdk.TagStatus = "ANY"): boolean =>
  status === "ANY" || (status === "TAGGED") === tags.length > 0;

function toDetail(call: Call, repository: Repository, image: StoredImage): Sdk.ImageDetail {
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

/** Removes an image with all its tags; answers them. */
export function removeImage(aws: EmbeddedAws, repository: Repository, digest: string): string[] {
  const tags = tagsOf(repository, digest);
  for (const tag of tags) repository.tags.delete(tag);
  repository.images.delete(digest);
  for (const tag of tags.length > 0 ? tags : [undefined]) announceImage(aws, repository, "DELETE", digest, tag);
  return tags;
}

/** The manifest lists that contain an image, which cannot be deleted before them. */
const listsOf = (repository: Repository, digest: string): string[] =>
  [...repository.images.values()].filter(({ listed }) => listed.includes(digest)).map((list) => list.digest);

function remove(
  call: Call,
  repository: Repository,
  asked: Sdk.ImageIdentifier,
): Sdk.ImageIdentifier[] | Sdk.ImageFailure {
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

/** As PutImage and BatchGetImage answer it; with a tag only if the request has one. */
export const toImage = ({ account, name }: Repository, image: StoredImage, tag: string | undefined): Sdk.Image => ({
  registryId: account,
  repositoryName: name,
  imageId: { imageDigest: image.digest, ...(tag !== undefined && { imageTag: tag }) },
  imageManifest: image.manifest,
  imageManifestMediaType: image.mediaType,
});

/** "ECR Image Action" of a push or deletion ("Amazon ECR events and EventBridge", user guide); it has no resources. */
export function announceImage(
  aws: EmbeddedAws,
  { account, region, name }: Repository,
  action: "PUSH" | "DELETE",
  digest: string,
  tag: string | undefined,
): void {
  publishServiceEvent(aws, {
    account,
    region,
    source: "aws.ecr",
    "detail-type": "ECR Image Action",
    detail: {
      result: "SUCCESS",
      "repository-name": name,
      "image-digest": digest,
      "action-type": action,
      ...(tag !== undefined && { "image-tag": tag }),
    },
  });
}
