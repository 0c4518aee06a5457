import { createHash } from "node:crypto";
import { type CreateRepositoryCommandInput, ECR } from "@aws-sdk/client-ecr";
import type { BusEvent } from "../../src/services/events/event.ts";
import { watchBus } from "../../src/services/events/watch.ts";
import { FACTORY, REGION } from "../ec2/an-aws.ts";
import { sharingAws } from "../ram/sharing-aws.ts";

export const NAME = "acme/web";
export const MINUTE = 60_000;
export const DAY = 86_400_000;
const MANIFEST = "application/vnd.oci.image.manifest.v1+json";
export const INDEX = "application/vnd.oci.image.index.v1+json";

export const digestOf = (content: string | Uint8Array): string =>
  `sha256:${createHash("sha256").update(content).digest("hex")}`;

/** A manifest of one config and one layer, with the bytes of both. */
export function manifestOf(text: string) {
  const blobs = [Buffer.from(`{"config":"${text}"}`), Buffer.from(`layer ${text}`)];
  const [config, layer] = blobs.map((blob, index) => ({
    mediaType: index === 0 ? "application/vnd.oci.image.config.v1+json" : "application/vnd.oci.image.layer.v1.tar+gzip",
    digest: digestOf(blob),
    size: blob.length,
  }));
  const manifest = JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST, config, layers: [layer] });
  return { manifest, digest: digestOf(manifest), blobs, size: Buffer.concat(blobs).length };
}

/** An organization under IAM's rules with a repository of the factory's, reached by the SDK. */
export async function aRegistry(settings: Partial<CreateRepositoryCommandInput> = {}) {
  const { aws, clock, settings: sdk, role, call } = sharingAws();
  const ecr = (account = FACTORY) => new ECR(sdk(account));
  const own = ecr();
  const events: BusEvent[] = [];
  watchBus(aws, FACTORY, REGION, "default", (event) => {
    // ECR's own events; a trail records the calls, too.
    if (event["detail-type"] !== "AWS API Call via CloudTrail") events.push(event);
  });
  await own.createRepository({ repositoryName: NAME, ...settings });
  const named = { repositoryName: settings.repositoryName ?? NAME };

  async function uploadLayer(blob: Uint8Array): Promise<void> {
    const { uploadId } = await own.initiateLayerUpload(named);
    const part = { partFirstByte: 0, partLastByte: blob.length - 1, layerPartBlob: blob };
    await own.uploadLayerPart({ ...named, uploadId, ...part });
    const layerDigests = [digestOf(blob)];
    await own.completeLayerUpload({ ...named, uploadId, layerDigests });
  }

  /** Pushes an image as docker does: its layers, then its manifest under a tag. Answers its digest. */
  async function push(text: string, imageTag?: string): Promise<string> {
    const { manifest, digest, blobs } = manifestOf(text);
    for (const blob of blobs) await uploadLayer(blob);
    await own.putImage({ ...named, imageManifest: manifest, imageTag });
    return digest;
  }
  const pass = (ms: number): Promise<void> => clock.runUntil(clock.now() + ms);
  return { aws, clock, sdk, ecr, own, call, role, events, uploadLayer, push, pass, named };
}
