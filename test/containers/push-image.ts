import { createHash } from "node:crypto";
import {
  CompleteLayerUploadCommand,
  type ECRClient,
  InitiateLayerUploadCommand,
  PutImageCommand,
  UploadLayerPartCommand,
} from "@aws-sdk/client-ecr";

const digestOf = (content: string | Uint8Array): string =>
  `sha256:${createHash("sha256").update(content).digest("hex")}`;

/** Pushes an image of a config and two layers, as docker does. @returns its digest */
export async function pushImage(ecr: ECRClient, repositoryName: string, text: string, tag: string): Promise<string> {
  const named = { repositoryName };
  const blobs = [`{"created":"${text}"}`, "the parent's layer", `the layer of ${text}`].map((one) => Buffer.from(one));
  for (const blob of blobs) {
    const { uploadId } = await ecr.send(new InitiateLayerUploadCommand(named));
    const part = { partFirstByte: 0, partLastByte: blob.length - 1, layerPartBlob: blob };
    await ecr.send(new UploadLayerPartCommand({ ...named, uploadId, ...part }));
    const layerDigests = [digestOf(blob)];
    await ecr.send(new CompleteLayerUploadCommand({ ...named, uploadId, layerDigests })).catch(unlessThere);
  }
  const [config, ...layers] = blobs.map((blob, nth) => ({
    mediaType: `application/vnd.docker.${nth === 0 ? "container.image.v1+json" : "image.rootfs.diff.tar.gzip"}`,
    digest: digestOf(blob),
    size: blob.length,
  }));
  const mediaType = "application/vnd.docker.distribution.manifest.v2+json";
  const imageManifest = JSON.stringify({ schemaVersion: 2, mediaType, config, layers });
  await ecr.send(new PutImageCommand({ ...named, imageManifest, imageTag: tag }));
  return digestOf(imageManifest);
}

function unlessThere(error: unknown): void {
  if (!(error instanceof Error && error.name === "LayerAlreadyExistsException")) throw error;
}
