import type * as Sdk from "@aws-sdk/client-s3";
import type { Call } from "../../engine/operation.ts";
import { keyArnOf } from "../kms/find-key.ts";
import { objectTagContext, parseTagging } from "./object-tags.ts";
import { type Bucket, bucketsOf, onKey, onObject, versioningOf } from "./state.ts";

/** Metadata that readers get back unchanged. */
const KEPT = [
  "CacheControl",
  "ContentDisposition",
  "ContentEncoding",
  "ContentLanguage",
  "ContentType",
  "Metadata",
] as const satisfies readonly (keyof Sdk.PutObjectCommandInput)[];

type Written = Pick<
  Sdk.PutObjectCommandInput,
  "Key" | "Tagging" | "ServerSideEncryption" | "SSEKMSKeyId" | "BucketKeyEnabled" | (typeof KEPT)[number]
>;

/** Stores bytes as an object's newest version; answers the writer's response. */
export function putVersion(
  call: Call,
  bucket: Bucket,
  input: Written,
  { body, etag, kept }: { body: Uint8Array; etag: string; kept: Readonly<Record<string, string | undefined>> },
): Partial<Sdk.PutObjectCommandOutput> {
  const { Key: key = "" } = input;
  const versions = bucket.objects.get(key) ?? [];
  const encryption = encryptionOf(input, bucket);
  const keyArn = encryption.SSEKMSKeyId && keyArnOf(call.aws, call.account, bucket.region, encryption.SSEKMSKeyId);
  const said = Object.fromEntries(KEPT.map((name) => [name, input[name]]));
  const description = { ...said, ...kept, ...encryption, ...(keyArn ? { SSEKMSKeyId: keyArn } : {}) };
  const id = versioningOf(bucket) === "Enabled" ? call.aws.uuid().replaceAll("-", "") : "null";
  const older = id === "null" ? versions.filter((version) => version.id !== "null") : versions;
  const modified = new Date(call.aws.clock.now());
  bucket.objects.set(key, [
    { id, deleted: false, body, etag, modified, description, tags: parseTagging(input.Tagging) },
    ...older,
  ]);
  return {
    ETag: etag,
    ...kept,
    ServerSideEncryption: encryption.ServerSideEncryption,
    SSEKMSKeyId: keyArn || undefined,
    VersionId: id === "null" ? undefined : id,
  };
}

/** The permissions for writing an object: to put it there, and to encrypt it with its key. */
export function mayPut(
  input: Pick<Sdk.PutObjectCommandInput, "Bucket" | "Key" | "Tagging" | "ServerSideEncryption" | "SSEKMSKeyId">,
  call: Call,
): ReturnType<typeof onKey> {
  const bucket = bucketsOf(call.aws).get(input.Bucket ?? "");
  const key = encryptionOf(input, bucket).SSEKMSKeyId;
  const tags = parseTagging(input.Tagging);
  return [
    { ...onObject(call, input.Bucket, input.Key, "PutObject"), context: objectTagContext(tags) },
    ...(tags.length > 0 ? [onObject(call, input.Bucket, input.Key, "PutObjectTagging")] : []),
    ...(bucket ? onKey(call, bucket, input.Key ?? "", key, "GenerateDataKey") : []),
  ];
}

/** An object's encryption, as responses show it. */
interface Encryption {
  readonly ServerSideEncryption: "AES256" | "aws:kms";
  readonly SSEKMSKeyId?: string;
}

/** The request's, or the bucket's default, or S3's own keys (since January 2023). */
export function encryptionOf(
  input: Pick<Sdk.PutObjectCommandInput, "ServerSideEncryption" | "SSEKMSKeyId">,
  bucket: Bucket | undefined,
): Encryption {
  const configured = bucket?.configurations.get("BucketEncryption") as
    | Sdk.ServerSideEncryptionConfiguration
    | undefined;
  const standard = configured?.Rules?.[0]?.ApplyServerSideEncryptionByDefault;
  const algorithm = input.ServerSideEncryption ?? standard?.SSEAlgorithm ?? "AES256";
  if (algorithm !== "aws:kms") return { ServerSideEncryption: "AES256" };
  const key = input.SSEKMSKeyId ?? standard?.KMSMasterKeyID ?? "alias/aws/s3";
  return { ServerSideEncryption: "aws:kms", SSEKMSKeyId: key };
}
