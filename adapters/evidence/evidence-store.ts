import { GetObjectCommand, NoSuchKey, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type * as z from "zod";
import { type WholeEvidence, wholeEvidence } from "../../core/evidence/evidence.ts";
import { type Manifest, manifest } from "../../core/evidence/manifest.ts";
import { nestsDeeper } from "../../core/evidence/nests-deeper.ts";
import type { BuildArn } from "../../events/ids.ts";

/** The bucket where builds leave what was found out about them. */
export interface EvidenceStore {
  readonly client: S3Client;
  readonly bucket: string;
}

/** A file that an instance left for its build's evidence. */
export interface Upload {
  readonly key: string;
  readonly body: Uint8Array;
  /** When it was put there. */
  readonly at: string;
}

/** Of each file that instances upload, in bytes: some fifty times what a large system's has. */
const MOST_BYTES = {
  "packages.json": 32 * 2 ** 20,
  "sbom.cdx.json": 64 * 2 ** 20,
  "cis-results.xml.gz": 32 * 2 ** 20,
} as const;

/**
 * What a build's component uploaded into its instance's folder; undefined where it uploaded none.
 * @param folder `<role id>:<instance id>`, as IAM's `aws:userid` of the instance
 * @throws UploadUnreadable where it is too large: an instance can upload anything there
 */
export const findUpload = (
  store: EvidenceStore,
  folder: string,
  file: keyof typeof MOST_BYTES,
): Promise<Upload | undefined> => readObject(store, `manifests/${folder}/${file}`, MOST_BYTES[file]);

/** The manifest kept with a build's evidence. */
export const readKeptManifest = async (store: EvidenceStore, build: BuildArn): Promise<Manifest | undefined> =>
  (await findKeptManifest(store, build))?.manifest;

/** The manifest kept with a build's evidence, with where it lies and since when. */
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
 * What is installed in a build, and what the scan found; undefined where no evidence was collected.
 * @throws UploadUnreadable where it is not what `collect-evidence` writes
 */
export async function findContents(store: EvidenceStore, build: BuildArn): Promise<Contents | undefined> {
  const kept = await readObject(store, evidenceKey(build));
  if (!kept) return undefined;
  const parsed = contents.safeParse(parseJson(kept));
  if (!parsed.success) throw new UploadUnreadable(kept.key, parsed.error.message);
  return parsed.data;
}

/** The whole of a build's evidence. @throws NoEvidence where none was collected */
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
 * An upload as JSON.
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

/** What components write nests four levels deep; evidence as a whole a few more. */
const DEEPEST = 64;

/** Something in the evidence bucket is not what the component of ours that puts it there writes. */
export class UploadUnreadable extends Error {
  override readonly name = "UploadUnreadable";

  constructor(key: string, found: string, options?: ErrorOptions) {
    super(`${key} in the evidence bucket cannot be read: ${found}`, options);
  }
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

/**
 * Keeps an upload with a build's evidence: uploads themselves are removed after thirty days.
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

/** Keeps a text with a build's evidence, under a file's name. */
export async function keepText(
  { client, bucket }: EvidenceStore,
  build: BuildArn,
  file: string,
  { Body, ContentType }: { readonly Body: string; readonly ContentType: string },
): Promise<void> {
  await client.send(new PutObjectCommand({ Bucket: bucket, Key: `${evidencePath(build)}/${file}`, Body, ContentType }));
}

/** What was kept with a build's evidence under a file's name; undefined where there is none. */
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
    super(`No evidence was collected for ${build}; the gate decides nothing without it.`);
  }
}
