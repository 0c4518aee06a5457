import { BatchGetImageCommand, type ECRClient, GetDownloadUrlForLayerCommand } from "@aws-sdk/client-ecr";
import * as z from "zod";
import type { Repository } from "./repository-images.ts";

const layered = z.object({ layers: z.array(z.object({ digest: z.string() })).optional() });

/** The first result of a pull. */
export interface PulledManifest {
  /** One of its layers, to check; undefined for a multi-platform index, whose images have their own layers. */
  readonly layer: string | undefined;
}

/**
 * Reads an image's manifest with a consumer's credentials, as `docker pull` does.
 * @returns undefined where the repository does not have the image
 * @throws errors of ECR
 */
export async function readPulledManifest(
  client: ECRClient,
  repository: Repository,
  digest: string,
): Promise<PulledManifest | undefined> {
  const { images = [] } = await client.send(
    new BatchGetImageCommand({ ...repository, imageIds: [{ imageDigest: digest }] }),
  );
  const text = images[0]?.imageManifest;
  return text === undefined ? undefined : { layer: layered.parse(JSON.parse(text)).layers?.[0]?.digest };
}

/** Requests a layer's download URL, the only ECR call for a layer. @throws errors of ECR */
export async function requestLayer(client: ECRClient, repository: Repository, layerDigest: string): Promise<void> {
  await client.send(new GetDownloadUrlForLayerCommand({ ...repository, layerDigest }));
}
