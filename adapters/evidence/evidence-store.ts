import { GetObjectCommand, NoSuchKey, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type * as z from "zod";
import { type WholeEvidence, wholeEvidence } from "../../core/evidence/evidence.ts";
import { type Manifest, manifest } from "../../core/evidence/manifest.ts";
import { nestsDeeper } from "../../core/evidence/nests-deeper.ts";
import type { BuildArn } from "../../events/ids.ts";

/** The bucket with builds' evidence. */
export interface EvidenceStore {
  readonly client: S3Client;
  readonly bucket: string;
}

/** A file that an instance uploaded for its build's evidence. */
export interface Upload {
  readonly key: string;
  readonly body: Uint8Array;
  /** When it was uploaded. */
  readonly at: string;
}

/** Maximum bytes of each uploaded file: some fifty times that of a large system. */
const MOST_BYTES = {
  "packages.json": 32 * 2 ** 20,
  "sbom.cdx.json": 64 * 2 ** 20,
  "cis-results.xml.gz": 32 * 2 ** 20,
} as const;

/**
 * A component's upload in its instance's folder, if any.
 * @param folder `<role id>:<instance id>`, as in the instance's IAM `aws:userid`
 * @throws UploadUnreadable where it is too large: an instance can upload anything there
 */
export const findUpload = (
  store: EvidenceStore,
  folder: string,
  file: keyof typeof MOST_BYTES,
): Promise<Upload | undefined> => readObject(store, `manifests/${folder}/${file}`, MOST_BYTES[file]);

/** The manifest in a build's evidence. */
export const readKeptManifest = async (store: EvidenceStore, build: BuildArn): Promise<Manifest | undefined> =>
  (await findKeptManifest(store, build))?.manifest;

/** The manifest in a build's evidence, with its object key and time. */
export async function findKeptManifest(
  store: EvidenceStore,
  build: BuildArn,
): Promise<(Pick<Upload, "key" | "at"> & { manifest: Manifest }) | undefined> {
  const kept = await readObject(store, evidenceKey(build));
  if (!kept) return undefined;
  return { key: kept.key, at: kept.at, manifest: manifest.parse((parseJson(kept) as { manifest?: unknown }).manifest) };
}

const contents = wholeEvidence.pick({ manifest: true, findings: true });
export type Contents = z.output<typeof contents>;

/**
 * A build's packages and scan findings; undefined without evidence.
 * @throws UploadUnreadable where it does not have `collect-evidence`'s format
 */
export async function findContents(store: EvidenceStore, build: BuildArn): Promise<Contents | undefined> {
  const kept = await readObject(store, evidenceKey(build));
  if (!kept) return undefined;
  const parsed = contents.safeParse(parseJson(kept));
  if (!parsed.success) throw new UploadUnreadable(kept.key, parsed.error.message);
  return parsed.data;
}

/** A build's full evidence. @throws NoEvidence where none was collected */
export async function readWholeEvidence(store: EvidenceStore, build: BuildArn): Promise<WholeEvidence> {
  const found = await findWholeEvidence(store, build);
  if (!found) throw new NoEvidence(build);
  return found;
}

/** The same; undefined where none was collected. */
export async function findWholeEvidence(store: EvidenceStore, build: BuildArn): Promise<WholeEvidence | undefined> {
  const kept = await readObject(store, evidenceKey(build));
  return kept && wholeEvidence.parse(parseJson(kept));
}

/**
 * Parses an upload as JSON.
 * @throws UploadUnreadable naming the object
 */
export function parseJson({ key, body }: Upload): unknown {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(body);
    if (nestsDeeper(text, DEEPEST)) throw new Error(`nested deeper than ${DEEPEST} levels`);
    return JSON.parse(text);
  } catch (cause) {
    throw new UploadUnreadable(key, cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** Components' files nest four levels deep, evidence a few more. */
const DEEPEST = 64;

/** An object in the evidence bucket does not have its component's format. */
export class UploadUnreadable extends Error {
  override readonly name = "UploadUnreadable";

  constructor(key: string, found: string, options?: ErrorOptions) {
    super(`${key} in the evidence bucket cannot be read: ${found}`, options);
  }
}

/** Stores a build's full evidence. */
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

/**
 * Stores an upload with a build's evidence: uploads themselves expire after thirty days.
 * @returns its key, `evidence/acme-al2023-base/1.24.7/3/sbom.cdx.json`
 */
export async function keepUpload(
  { client, bucket }: EvidenceStore,
  build: BuildArn,
  { key, body }: Upload,
  ContentType: string,
): Promise<string> {
  const Key = `${evidencePath(build)}/${key.slice(key.lastIndexOf("/") + 1)}`;
  await client.send(new PutObjectCommand({ Bucket: bucket, Key, Body: body, ContentType }));
  return Key;
}

/** Stores a text with a build's evidence, under a file name. */
export async function keepText(
  { client, bucket }: EvidenceStore,
  build: BuildArn,
  file: string,
  { Body, ContentType }: { readonly Body: string; readonly ContentType: string },
): Promise<void> {
  await client.send(new PutObjectCommand({ Bucket: bucket, Key: `${evidencePath(build)}/${file}`, Body, ContentType }));
}

/** A file stored with a build's evidence, if it exists. */
export const findKept = (store: EvidenceStore, build: BuildArn, file: string): Promise<Upload | undefined> =>
  readObject(store, `${evidencePath(build)}/${file}`);

/** `evidence/acme-al2023-base/1.24.7/3.json` */
export const evidenceKey = (build: BuildArn): string => `${evidencePath(build)}.json`;

const evidencePath = (build: BuildArn): string => `evidence/${build.split("/").slice(1).join("/")}`;

async function readObject(
  { client, bucket }: EvidenceStore,
  key: string,
  most = Number.POSITIVE_INFINITY,
): Promise<Upload | undefined> {
  try {
    const { Body, LastModified, ContentLength } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    if ((ContentLength ?? 0) > most) throw new UploadUnreadable(key, `${ContentLength} bytes, of at most ${most}`);
    const body = (await Body?.transformToByteArray()) ?? new Uint8Array();
    return { key, body, at: (LastModified ?? new Date(0)).toISOString() };
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}

class NoEvidence extends Error {
  override readonly name = "NoEvidence";

  constructor(build: BuildArn) {
    super(`No evidence was collected for ${build}; the gate cannot decide without it; start another build.`);
  }
}
