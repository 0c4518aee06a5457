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
  /** What is kept there is encrypted with it; what EC2 writes is not, since it can write to no bucket with SSE-KMS. */
  readonly keyArn: string;
}

/** Copies of parts that are under way at once: a tebibyte is to be copied within one invocation. */
const AT_ONCE = 32;

/**
 * Copies a file that EC2 wrote to where it is kept. S3 copies it by itself, part by part, and computes each part's
 * SHA-256 and that of all of them: no function could read so much within its time.
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
    // The lifecycle rule makes up for an abort that fails.
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

/** What is not there is no failure. */
export async function removeObjects({ client, bucket }: ExportBucket, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  const { Errors = [] } = await client.send(
    new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: keys.map((Key) => ({ Key })), Quiet: true } }),
  );
  const [first] = Errors;
  if (first) throw new Error(`${first.Key} could not be removed from ${bucket}: ${first.Message ?? first.Code}`);
}

/** Detached, DER: `openssl dgst -sha256 -verify` takes it. KMS is given the digest, for it takes no more than 4 KiB. */
export async function signManifest(client: KMSClient, keyId: string, manifest: string): Promise<Uint8Array> {
  const { Signature } = await client.send(
    new SignCommand({
      KeyId: keyId,
      Message: createHash("sha256").update(manifest).digest(),
      MessageType: "DIGEST",
      SigningAlgorithm: "ECDSA_SHA_256",
    }),
  );
  if (!Signature) throw new Error(`KMS signed nothing with ${keyId}.`);
  return Signature;
}
/** S3 copies up to 5 GiB at once (S3 API reference, UploadPartCopy), and 1 TiB is the largest disk: 1,024 parts. */
export const PART_BYTES = 2 ** 30;

interface CopiedPart {
  /** From 1. */
  readonly number: number;
  /** As UploadPartCopy wants it: `bytes=0-1073741823`. */
  readonly range: string;
}

/** The parts in which a file is copied, each but the last of the same length, so that anybody can compute the checksum. */
export const planParts = (size: number, partBytes = PART_BYTES): CopiedPart[] =>
  Array.from({ length: Math.ceil(size / partBytes) }, (_, at) => ({
    number: at + 1,
    range: `bytes=${at * partBytes}-${Math.min((at + 1) * partBytes, size) - 1}`,
  }));
