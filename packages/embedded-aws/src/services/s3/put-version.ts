import type { PutObjectCommandInput, PutObjectCommandOutput } from "@aws-sdk/client-s3";
import type { Call } from "../../engine/operation.ts";
import { keyArnOf } from "../kms/find-key.ts";
import { encryptionOf } from "./encryption.ts";
import { type Bucket, versioningOf } from "./state.ts";

/** What readers get back as it was written. */
const KEPT = [
  "CacheControl",
  "ContentDisposition",
  "ContentEncoding",
  "ContentLanguage",
  "ContentType",
  "Metadata",
] as const satisfies readonly (keyof PutObjectCommandInput)[];

type Written = Pick<
  PutObjectCommandInput,
  "Key" | "ServerSideEncryption" | "SSEKMSKeyId" | "BucketKeyEnabled" | (typeof KEPT)[number]
>;

/** Puts bytes as an object's newest version; answers what a writer is told. */
export function putVersion(
  call: Call,
  bucket: Bucket,
  input: Written,
  { body, etag, kept }: { body: Uint8Array; etag: string; kept: Readonly<Record<string, string | undefined>> },
): Partial<PutObjectCommandOutput> {
  const { Key: key = "" } = input;
  const versions = bucket.objects.get(key) ?? [];
  const encryption = encryptionOf(input, bucket);
  const keyArn = encryption.SSEKMSKeyId && keyArnOf(call.aws, call.account, bucket.region, encryption.SSEKMSKeyId);
  const said = Object.fromEntries(KEPT.map((name) => [name, input[name]]));
  const description = { ...said, ...kept, ...encryption, ...(keyArn ? { SSEKMSKeyId: keyArn } : {}) };
  const id = versioningOf(bucket) === "Enabled" ? call.aws.uuid().replaceAll("-", "") : "null";
  const older = id === "null" ? versions.filter((version) => version.id !== "null") : versions;
  const modified = new Date(call.aws.clock.now());
  bucket.objects.set(key, [{ id, deleted: false, body, etag, modified, description }, ...older]);
  return {
    ETag: etag,
    ...kept,
    ServerSideEncryption: encryption.ServerSideEncryption,
    SSEKMSKeyId: keyArn || undefined,
    VersionId: id === "null" ? undefined : id,
  };
}
