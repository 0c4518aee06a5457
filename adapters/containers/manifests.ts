import { BatchGetImageCommand, type ECRClient, PutImageCommand } from "@aws-sdk/client-ecr";
import * as z from "zod";
import type { Repository } from "./repository-images.ts";

/** What container images are described by; ECR gives what was pushed where it is among these (API reference). */
const MEDIA_TYPES = [
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.oci.image.index.v1+json",
];

/** A manifest, to the byte: its digest is the image's. */
export interface Manifest {
  readonly text: string;
  readonly mediaType: string | undefined;
  /** Config and layers, as far as a registry holds them. */
  readonly blobs: readonly string[];
  /** Of an index: the images that it lists. */
  readonly listed: readonly string[];
}

const described = z.object({ digest: z.string(), urls: z.array(z.string()).optional() });
const shape = z.object({
  config: described.optional(),
  layers: z.array(described).default([]),
  manifests: z.array(described).default([]),
});

/** Counts as a pull. @throws NoManifest where the image is not in the repository */
export async function readManifest(client: ECRClient, repository: Repository, digest: string): Promise<Manifest> {
  const { images = [], failures = [] } = await client.send(
    new BatchGetImageCommand({ ...repository, imageIds: [{ imageDigest: digest }], acceptedMediaTypes: MEDIA_TYPES }),
  );
  const [image] = images;
  if (!image?.imageManifest) throw new NoManifest(repository, digest, failures[0]?.failureReason);
  const { config, layers, manifests } = shape.parse(JSON.parse(image.imageManifest));
  // A layer with addresses of its own is fetched from there, never from the registry (OCI image specification).
  const own = [...(config ? [config] : []), ...layers.filter(({ urls }) => !urls?.length)];
  return {
    text: image.imageManifest,
    mediaType: image.imageManifestMediaType,
    blobs: [...new Set(own.map((one) => one.digest))],
    listed: manifests.map((one) => one.digest),
  };
}

/**
 * Puts an image into a repository that has its layers, under a tag or under its digest alone; a tag that may move is
 * moved. One that is so already stays.
 * @throws ECR's ImageTagAlreadyExistsException where the tag means another image and does not move
 */
export async function putManifest(
  client: ECRClient,
  repository: Repository,
  { digest, manifest, tag }: { readonly digest: string; readonly manifest: Manifest; readonly tag: string | undefined },
): Promise<void> {
  try {
    await client.send(
      new PutImageCommand({
        ...repository,
        imageManifest: manifest.text,
        imageManifestMediaType: manifest.mediaType,
        imageDigest: digest,
        imageTag: tag,
      }),
    );
  } catch (error) {
    if (!(error instanceof Error && error.name === "ImageAlreadyExistsException")) throw error;
  }
}

class NoManifest extends Error {
  override readonly name = "NoManifest";

  constructor({ repositoryName }: Repository, digest: string, why = "ECR gives no reason") {
    super(`The image ${digest} cannot be had from the repository ${repositoryName}: ${why}.`);
  }
}
