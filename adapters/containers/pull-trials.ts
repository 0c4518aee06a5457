import { BatchGetImageCommand, type ECRClient, GetDownloadUrlForLayerCommand } from "@aws-sdk/client-ecr";
import * as z from "zod";
import type { Repository } from "./repository-images.ts";

const layered = z.object({ layers: z.array(z.object({ digest: z.string() })).optional() });

/** What a pull asks for first. */
export interface SeenManifest {
  /** A layer of it, to try with; undefined where it lists images of several platforms, which have layers of their own. */
  readonly layer: string | undefined;
}

/**
 * Reads an image's manifest as whose client it is, as `docker pull` does.
 * @returns undefined where the repository does not have the image
 * @throws what ECR refuses
 */
export async function seeManifest(
  client: ECRClient,
  repository: Repository,
  digest: string,
): Promise<SeenManifest | undefined> {
  const { images = [] } = await client.send(
    new BatchGetImageCommand({ ...repository, imageIds: [{ imageDigest: digest }] }),
  );
  const text = images[0]?.imageManifest;
  return text === undefined ? undefined : { layer: layered.parse(JSON.parse(text)).layers?.[0]?.digest };
}

/** Asks for a layer's address, which is all that ECR is asked for it. @throws what ECR refuses */
export async function askForLayer(client: ECRClient, repository: Repository, layerDigest: string): Promise<void> {
  await client.send(new GetDownloadUrlForLayerCommand({ ...repository, layerDigest }));
}
