import { createHash } from "node:crypto";
import { type KMSClient, SignCommand } from "@aws-sdk/client-kms";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectsCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3";
import { ExportFailure } from "./copy-disk.ts";

/** The stack's bucket for exports. */
interface ExportBucket {
  readonly client: S3Client;
  readonly bucket: string;
  /** The key of stored files; EC2's own output does not use it, because EC2 cannot write to a bucket with SSE-KMS. */
  readonly keyArn: string;
}

/** Concurrent part copies, so that a tebibyte can be copied within one invocation. */
const AT_ONCE = 32;

/**
 * Copies a file that EC2 wrote to its final key. S3 copies it server-side, part by part, and computes each part's
 * SHA-256 and the composite one: a function could not read that much in time.
 * @returns size in bytes and S3's composite checksum
 */
export async function keepFile(
  { client, bucket, keyArn }: ExportBucket,
  from: string,
  to: string,
): Promise<{ readonly size: number; readonly checksum: string; readonly partBytes: number }> {
  const { ContentLength: size = 0, ETag } = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: from }));
  if (size === 0) throw new ExportFailure(`EC2 wrote an empty file, ${from}`);
  const target = { Bucket: bucket, Key: to };
  const { UploadId } = await client.send(
    new CreateMultipartUploadCommand({
      ...target,
      ChecksumAlgorithm: "SHA256",
      ChecksumType: "COMPOSITE",
      ServerSideEncryption: "aws:kms",
      SSEKMSKeyId: keyArn,
      ContentType: "application/octet-stream",
    }),
  );
  try {
    const planned = planParts(size);
    const Parts: { PartNumber: number; ETag: string | undefined; ChecksumSHA256: string | undefined }[] = [];
    const queue = planned.values();
    const worker = async () => {
      for (const { number, range } of queue) {
        const { CopyPartResult: part } = await client.send(
          new UploadPartCopyCommand({
            ...target,
            UploadId,
            PartNumber: number,
            CopySource: encodeURI(`${bucket}/${from}`),
            CopySourceRange: range,
            CopySourceIfMatch: ETag,
          }),
        );
        Parts[number - 1] = { PartNumber: number, ETag: part?.ETag, ChecksumSHA256: part?.ChecksumSHA256 };
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    await client.send(new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts } }));
  } catch (error) {
    // If the abort fails, the lifecycle rule removes the upload.
    await client.send(new AbortMultipartUploadCommand({ ...target, UploadId })).catch(() => undefined);
    throw error;
  }
  const kept = await client.send(new HeadObjectCommand({ ...target, ChecksumMode: "ENABLED" }));
  if (kept.ContentLength !== size || !kept.ChecksumSHA256) {
    throw new Error(
      `${to} has ${kept.ContentLength} bytes and the checksum ${kept.ChecksumSHA256}; ${from} has ${size}.`,
    );
  }
  return { size, checksum: kept.ChecksumSHA256, partBytes: PART_BYTES };
}

export async function putBeside(
  { client, bucket, keyArn }: ExportBucket,
  key: string,
  body: string | Uint8Array,
  contentType: string,
): Promise<void> {
  await client.send(
    new PutObjectCommand({
      Bucket: bucket,
      Key: key,
      Body: body,
      ContentType: contentType,
      ServerSideEncryption: "aws:kms",
      SSEKMSKeyId: keyArn,
    }),
  );
}

/** Deletes objects; missing ones are ignored. */
export async function removeObjects({ client, bucket }: ExportBucket, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  const { Errors = [] } = await client.send(
    new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: keys.map((Key) => ({ Key })), Quiet: true } }),
  );
  const [first] = Errors;
  if (first) throw new Error(`${first.Key} could not be removed from ${bucket}: ${first.Message ?? first.Code}`);
}

/**
 * Detached signature in DER, for `openssl dgst -sha256 -verify`. KMS signs the digest, because it accepts at most 4
 * KiB.
 */
export async function signManifest(client: KMSClient, keyId: string, manifest: string): Promise<Uint8Array> {
  const { Signature } = await client.send(
    new SignCommand({
      KeyId: keyId,
      Message: createHash("sha256").update(manifest).digest(),
      MessageType: "DIGEST",
      SigningAlgorithm: "ECDSA_SHA_256",
    }),
  );
  if (!Signature) throw new Error(`KMS returned no signature with ${keyId}.`);
  return Signature;
}
/** S3 copies up to 5 GiB per call (S3 API reference, UploadPartCopy); the largest disk of 1 TiB has 1,024 parts. */
export const PART_BYTES = 2 ** 30;

interface CopiedPart {
  /** From 1. */
  readonly number: number;
  /** UploadPartCopy's format: `bytes=0-1073741823`. */
  readonly range: string;
}

/** The parts of a copied file, of equal size except the last, so that the composite checksum can be recomputed. */
export const planParts = (size: number, partBytes = PART_BYTES): CopiedPart[] =>
  Array.from({ length: Math.ceil(size / partBytes) }, (_, at) => ({
    number: at + 1,
    range: `bytes=${at * partBytes}-${Math.min((at + 1) * partBytes, size) - 1}`,
  }));
