import {
  BatchCheckLayerAvailabilityCommand,
  CompleteLayerUploadCommand,
  type ECRClient,
  GetDownloadUrlForLayerCommand,
  InitiateLayerUploadCommand,
  UploadLayerPartCommand,
} from "@aws-sdk/client-ecr";
import type { Repository } from "./repository-images.ts";

/** Digests that ECR takes in one question (API reference, BatchCheckLayerAvailability). */
const MOST_ASKED = 100;
/** Layers under way at once: each takes a part's size of memory, 20 MiB as ECR asks for it. */
const AT_ONCE = 3;

export interface Way {
  readonly from: Repository;
  readonly to: Repository;
}

/** Copies those layers that the other repository lacks, within a registry and region. */
export async function copyLayers(client: ECRClient, way: Way, digests: readonly string[]): Promise<void> {
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
  try {
    await client.send(new CompleteLayerUploadCommand({ ...to, uploadId, layerDigests: [layerDigest] }));
  } catch (error) {
    // Uploaded by another region's turn, or by an earlier try, in the meantime.
    if (!(error instanceof Error && error.name === "LayerAlreadyExistsException")) throw error;
  }
}

/** In pieces of a size, the last one with what is left. */
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
    super(`The layer ${digest} of the repository ${repositoryName} was not downloaded: HTTP ${status}.`);
  }
}
