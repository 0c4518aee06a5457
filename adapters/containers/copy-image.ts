import {
  BatchCheckLayerAvailabilityCommand,
  BatchGetImageCommand,
  CompleteLayerUploadCommand,
  type ECRClient,
  GetDownloadUrlForLayerCommand,
  InitiateLayerUploadCommand,
  PutImageCommand,
  UploadLayerPartCommand,
} from "@aws-sdk/client-ecr";
import * as z from "zod";
import { unlessError } from "../unless-error.ts";
import { findImage, type Repository } from "./repository-images.ts";

/**
 * Copies an image with its tags by digest to another repository of the same registry and region, and reads it back. If
 * it exists already, two reads, which do not count as pulls.
 * @throws NotCopied where ECR accepted it and does not list it
 */
export async function copyImage(client: ECRClient, way: Way, digest: string): Promise<void> {
  const id = { imageDigest: digest };
  const [source, present] = await Promise.all([findImage(client, way.from, id), findImage(client, way.to, id)]);
  const tags = (source?.tags ?? []).filter((tag) => !present?.tags.includes(tag));
  if (present && tags.length === 0) return;
  const manifest = await readManifest(client, way.from, digest);
  for (const listed of manifest.listed) await copyImage(client, way, listed);
  await copyLayers(client, way, manifest.blobs);
  for (const tag of tags.length > 0 ? tags : [undefined]) await putManifest(client, way.to, { digest, manifest, tag });
  if (!(await findImage(client, way.to, id))) throw new NotCopied(digest, way.to);
}

/**
 * Points a tag at an image in a repository, if it does not already.
 * @param of the repository from which the manifest is read, which counts as a pull
 */
export async function moveTag(
  client: ECRClient,
  { repository, tag, digest, of }: { repository: Repository; tag: string; digest: string; of: Repository },
): Promise<void> {
  if ((await findImage(client, repository, { imageTag: tag }))?.digest === digest) return;
  await putManifest(client, repository, { digest, manifest: await readManifest(client, of, digest), tag });
}

class NotCopied extends Error {
  override readonly name = "NotCopied";

  constructor(digest: string, { repositoryName }: Repository) {
    super(
      `The image ${digest} is not in the repository ${repositoryName} although ECR accepted it; a retry copies it.`,
    );
  }
}

/** ECR's limit of digests per call (API reference, BatchCheckLayerAvailability). */
const MOST_ASKED = 100;

/** Concurrent layers: each needs the memory of one part, 20 MiB by ECR's request. */
const AT_ONCE = 3;

interface Way {
  readonly from: Repository;
  readonly to: Repository;
}

/** Copies the layers that the other repository lacks, within a registry and region. */
async function copyLayers(client: ECRClient, way: Way, digests: readonly string[]): Promise<void> {
  const left: string[] = [];
  for (let at = 0; at < digests.length; at += MOST_ASKED) {
    const layerDigests = digests.slice(at, at + MOST_ASKED);
    const { layers = [] } = await client.send(new BatchCheckLayerAvailabilityCommand({ ...way.to, layerDigests }));
    const there = new Set(layers.filter((one) => one.layerAvailability === "AVAILABLE").map((one) => one.layerDigest));
    left.push(...layerDigests.filter((digest) => !there.has(digest)));
  }
  const workers = Array.from({ length: Math.min(AT_ONCE, left.length) }, async () => {
    for (let digest = left.shift(); digest !== undefined; digest = left.shift()) await copyLayer(client, way, digest);
  });
  await Promise.all(workers);
}

async function copyLayer(client: ECRClient, { from, to }: Way, layerDigest: string): Promise<void> {
  const { downloadUrl = "" } = await client.send(new GetDownloadUrlForLayerCommand({ ...from, layerDigest }));
  const answer = await fetch(downloadUrl);
  if (!answer.ok || !answer.body) {
    await answer.body?.cancel();
    throw new LayerNotRead(layerDigest, from, answer.status);
  }
  const { uploadId, partSize = 0 } = await client.send(new InitiateLayerUploadCommand(to));
  let first = 0;
  for await (const part of inParts(answer.body, partSize)) {
    const partLastByte = first + part.length - 1;
    await client.send(
      new UploadLayerPartCommand({ ...to, uploadId, partFirstByte: first, partLastByte, layerPartBlob: part }),
    );
    first = partLastByte + 1;
  }
  const complete = new CompleteLayerUploadCommand({ ...to, uploadId, layerDigests: [layerDigest] });
  // Uploaded meanwhile by another region's copy or an earlier try.
  await unlessError(client.send(complete), /^LayerAlreadyExistsException$/);
}

/** Splits into parts of a size; the last may be smaller. */
async function* inParts(body: ReadableStream<Uint8Array>, size: number): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = [];
  let length = 0;
  for await (const piece of body) {
    held.push(piece);
    length += piece.length;
    while (length >= size) {
      const all = Buffer.concat(held);
      yield all.subarray(0, size);
      held = [all.subarray(size)];
      length -= size;
    }
  }
  if (length > 0) yield Buffer.concat(held);
}

class LayerNotRead extends Error {
  override readonly name = "LayerNotRead";

  constructor(digest: string, { repositoryName }: Repository, status: number) {
    super(
      `The layer ${digest} of the repository ${repositoryName} was not downloaded: HTTP ${status}; a retry copies it again.`,
    );
  }
}

/** Manifest types of container images; ECR returns the pushed manifest if its type is listed (API reference). */
const MEDIA_TYPES = [
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.oci.image.index.v1+json",
];

/** A manifest, byte for byte: its digest is the image's. */
interface Manifest {
  readonly text: string;
  readonly mediaType: string | undefined;
  /** Config and layers that are in the registry. */
  readonly blobs: readonly string[];
  /** For an index: the images that it lists. */
  readonly listed: readonly string[];
}

const described = z.object({ digest: z.string(), urls: z.array(z.string()).optional() });

const shape = z.object({
  config: described.optional(),
  layers: z.array(described).default([]),
  manifests: z.array(described).default([]),
});

/** Counts as a pull. @throws NoManifest where the repository does not have the image */
async function readManifest(client: ECRClient, repository: Repository, digest: string): Promise<Manifest> {
  const { images = [], failures = [] } = await client.send(
    new BatchGetImageCommand({ ...repository, imageIds: [{ imageDigest: digest }], acceptedMediaTypes: MEDIA_TYPES }),
  );
  const [image] = images;
  if (!image?.imageManifest) throw new NoManifest(repository, digest, failures[0]?.failureReason);
  const { config, layers, manifests } = shape.parse(JSON.parse(image.imageManifest));
  // A layer with its own URLs is fetched from there, never from the registry (OCI image specification).
  const own = [...(config ? [config] : []), ...layers.filter(({ urls }) => !urls?.length)];
  return {
    text: image.imageManifest,
    mediaType: image.imageManifestMediaType,
    blobs: [...new Set(own.map((one) => one.digest))],
    listed: manifests.map((one) => one.digest),
  };
}

/**
 * Puts an image's manifest into a repository that has its layers, with or without a tag; moves the tag if it is
 * mutable. An existing one does not change.
 * @throws ECR's ImageTagAlreadyExistsException where an immutable tag points at another image
 */
async function putManifest(
  client: ECRClient,
  repository: Repository,
  { digest, manifest, tag }: { readonly digest: string; readonly manifest: Manifest; readonly tag: string | undefined },
): Promise<void> {
  const put = new PutImageCommand({
    ...repository,
    imageManifest: manifest.text,
    imageManifestMediaType: manifest.mediaType,
    imageDigest: digest,
    imageTag: tag,
  });
  await unlessError(client.send(put), /^ImageAlreadyExistsException$/);
}

class NoManifest extends Error {
  override readonly name = "NoManifest";

  constructor({ repositoryName }: Repository, digest: string, why = "ECR returned no reason") {
    super(`The image ${digest} could not be read from the repository ${repositoryName}: ${why}.`);
  }
}
