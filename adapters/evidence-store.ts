import { GetObjectCommand, NoSuchKey, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { type Manifest, manifest } from "../core/manifest.ts";
import type { BuildArn } from "../events/ids.ts";

/** The bucket where builds leave what was found out about them. */
export interface EvidenceStore {
  readonly client: S3Client;
  readonly bucket: string;
}

/** The manifest that a build's component uploaded, named after the instance; undefined where it uploaded none. */
export async function readManifest(
  { client, bucket }: EvidenceStore,
  instanceId: string,
): Promise<Manifest | undefined> {
  const text = await readText(client, bucket, `manifests/${instanceId}/packages.json`);
  return text === undefined ? undefined : manifest.parse(JSON.parse(text));
}

/** The manifest kept with a build's evidence. */
export async function readKeptManifest(store: EvidenceStore, build: BuildArn): Promise<Manifest | undefined> {
  const text = await readText(store.client, store.bucket, evidenceKey(build));
  return text === undefined ? undefined : manifest.parse(JSON.parse(text).manifest);
}

/** Keeps the whole of a build's evidence. */
export async function keepEvidence({ client, bucket }: EvidenceStore, build: BuildArn, whole: object): Promise<void> {
  await client.send(
    new PutObjectCommand({
      Bucket: bucket,
      Key: evidenceKey(build),
      Body: JSON.stringify(whole, null, 1),
      ContentType: "application/json",
    }),
  );
}

/** `evidence/acme-al2023-base/1.24.7/3.json` */
export const evidenceKey = (build: BuildArn): string => `evidence/${build.split("/").slice(1).join("/")}.json`;

async function readText(client: S3Client, Bucket: string, Key: string): Promise<string | undefined> {
  try {
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
    return await Body?.transformToString();
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}
