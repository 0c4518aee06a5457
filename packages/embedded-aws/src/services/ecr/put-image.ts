import type * as Sdk from "@aws-sdk/client-ecr";
import type { Operations } from "../../engine/operation.ts";
import { onRepository } from "./authorization.ts";
import { requireRepository } from "./find-repository.ts";
import { announceImage } from "./image-events.ts";
import { digestOf, type Manifest, readManifest } from "./manifest.ts";
import { ecrRefusal, imageExists, tagExists } from "./refusals.ts";
import { isMovable } from "./repository-settings.ts";
import { scanOnPush } from "./scan-image.ts";
import type { Repository, StoredImage } from "./state.ts";
import { toImage } from "./to-image.ts";

export const operations = {
  /**
   * Keeps a manifest under its digest and points a tag at it; a tag that is there moves, unless the repository's tags are
   * immutable. Layers must have been uploaded, and the images that a list names must be there.
   */
  PutImage: {
    authorize: (input, call) => [onRepository(call, input)],
    run(input, call) {
      const repository = requireRepository(call, input);
      const text = input.imageManifest ?? "";
      const manifest = readManifest(text, input.imageManifestMediaType);
      const digest = digestOf(text);
      if (input.imageDigest !== undefined && input.imageDigest !== digest) {
        throw ecrRefusal(
          "ImageDigestDoesNotMatchException",
          `The provided imageDigest '${input.imageDigest}' does not match the digest of the manifest, '${digest}'`,
        );
      }
      requireParts(repository, manifest);
      const { imageTag: tag } = input;
      const pointed = tag === undefined ? undefined : repository.tags.get(tag);
      if (repository.images.has(digest) && (tag === undefined || pointed === digest)) {
        throw imageExists(digest, tag, repository.name, repository.account);
      }
      if (tag !== undefined && pointed !== undefined && !isMovable(repository, tag))
        throw tagExists(tag, repository.name);
      const isNew = !repository.images.has(digest);
      const image = repository.images.get(digest) ?? stored(text, digest, manifest, call.aws.clock.now());
      repository.images.set(digest, image);
      if (tag !== undefined) {
        // A moved tag stands behind those that the image had before it.
        repository.tags.delete(tag);
        repository.tags.set(tag, digest);
      }
      announceImage(call.aws, repository, "PUSH", digest, tag);
      if (isNew) scanOnPush(call.aws, repository, image);
      return { image: toImage(repository, image, tag) };
    },
  },
} satisfies Operations<typeof Sdk>;

function requireParts(repository: Repository, { layers, listed }: Manifest): void {
  const missing = layers.find(({ digest }) => !repository.layers.has(digest));
  if (missing) {
    throw ecrRefusal(
      "LayersNotFoundException",
      `The following layers could not be found in the repository with name '${repository.name}': ${missing.digest}`,
    );
  }
  const absent = listed.find((digest) => !repository.images.has(digest));
  if (absent === undefined) return;
  throw ecrRefusal(
    "ReferencedImagesNotFoundException",
    `Images with digests '[${absent}]' required for pushing image into repository with name '${repository.name}' in the registry with id '${repository.account}' do not exist`,
  );
}

const stored = (
  text: string,
  digest: string,
  { mediaType, artifactMediaType, layers, listed }: Manifest,
  now: number,
): StoredImage => ({
  digest,
  manifest: text,
  mediaType,
  artifactMediaType,
  listed,
  size: layers.reduce((sum, { size }) => sum + size, 0),
  pushedAt: now,
  pulledAt: undefined,
  scan: undefined,
});
