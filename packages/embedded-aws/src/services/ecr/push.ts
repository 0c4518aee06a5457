import type * as Sdk from "@aws-sdk/client-ecr";
import { AwsError, type Operations } from "../../engine/operation.ts";
import { announceImage, toImage } from "./images.ts";
import { digestOf, type Manifest, readManifest } from "./manifest.ts";
import { ecrRefusal, imageExists, tagExists } from "./refusals.ts";
import { isMovable } from "./repository-settings.ts";
import { scanOnPush } from "./scans.ts";
import { type LayerUpload, onRepository, type Repository, requireRepository, type StoredImage } from "./state.ts";

export const operations = {
  InitiateLayerUpload: {
    authorize: (input, call) => [onRepository(call, input)],
    run(input, call) {
      const { uploads } = requireRepository(call, input);
      const uploadId = call.aws.uuid();
      uploads.set(uploadId, { id: uploadId, parts: [], size: 0 });
      return { uploadId, partSize: PART };
    },
  },
  UploadLayerPart: {
    authorize: (input, call) => [onRepository(call, input)],
    run(input, call) {
      const repository = requireRepository(call, input);
      const upload = requireUpload(repository, input.uploadId);
      const part = input.layerPartBlob ?? new Uint8Array();
      const { partFirstByte: first = 0, partLastByte: last = 0 } = input;
      if (first !== upload.size || last - first + 1 !== part.length) {
        throw new AwsError(
          "InvalidLayerPartException",
          `The layer part upload to the repository with name '${repository.name}' with upload id '${upload.id}' must begin at byte ${upload.size} and hold the bytes ${first} to ${last}; it holds ${part.length}`,
          {
            members: {
              registryId: repository.account,
              repositoryName: repository.name,
              uploadId: upload.id,
              lastValidByteReceived: Math.max(upload.size - 1, 0),
            },
          },
        );
      }
      upload.parts.push(part);
      upload.size += part.length;
      return {
        registryId: repository.account,
        repositoryName: repository.name,
        uploadId: upload.id,
        lastByteReceived: last,
      };
    },
  },
  /** The parts become a layer if their digest is the client's. */
  CompleteLayerUpload: {
    authorize: (input, call) => [onRepository(call, input)],
    run(input, call) {
      const repository = requireRepository(call, input);
      const upload = requireUpload(repository, input.uploadId);
      const { digest, content } = requireWhole(upload, input.layerDigests ?? []);
      if (repository.layers.has(digest)) {
        throw ecrRefusal(
          "LayerAlreadyExistsException",
          `Layer with digest '${digest}' already exists in the repository with name '${repository.name}' in registry with id '${repository.account}'`,
        );
      }
      repository.layers.set(digest, { digest, size: upload.size, content });
      repository.uploads.delete(upload.id);
      return {
        registryId: repository.account,
        repositoryName: repository.name,
        uploadId: upload.id,
        layerDigest: digest,
      };
    },
  },
  /**
   * Stores a manifest under its digest and points a tag at it; an existing tag moves, unless the repository's tags are
   * immutable. Its layers must be uploaded, and the images that a list names must exist.
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
        // A moved tag comes after the image's other tags.
        repository.tags.delete(tag);
        repository.tags.set(tag, digest);
      }
      announceImage(call.aws, repository, "PUSH", digest, tag);
      if (isNew) scanOnPush(call.aws, repository, image);
      return { image: toImage(repository, image, tag) };
    },
  },
} satisfies Operations<typeof Sdk>;

/** "Amazon ECR service quotas": the maximum part size, and the minimum for all but the last. */
const PART = 20 * 1024 * 1024;

const SMALLEST_PART = 5 * 1024 * 1024;

function requireUpload(repository: Repository, id: string | undefined): LayerUpload {
  const found = repository.uploads.get(id ?? "");
  if (found) return found;
  throw ecrRefusal(
    "UploadNotFoundException",
    `Layer upload with id '${id}' in the repository with name '${repository.name}' could not be found`,
  );
}

/** @throws EmptyUploadException, LayerPartTooSmallException, InvalidLayerException */
function requireWhole({ id, parts }: LayerUpload, asked: readonly string[]): { digest: string; content: Uint8Array } {
  if (parts.length === 0) {
    throw ecrRefusal("EmptyUploadException", `The upload with id '${id}' does not contain any layer parts`);
  }
  if (parts.slice(0, -1).some(({ length }) => length < SMALLEST_PART)) {
    throw ecrRefusal("LayerPartTooSmallException", `Layer parts must be at least ${SMALLEST_PART} bytes, but the last`);
  }
  const content = Buffer.concat(parts);
  const digest = digestOf(content);
  if (asked.includes(digest)) return { digest, content };
  throw ecrRefusal(
    "InvalidLayerException",
    `Layer digest '${asked.join(", ")}' does not match the digest of the uploaded layer, '${digest}'`,
  );
}

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
