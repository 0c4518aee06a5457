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
import { PART_BYTES, planParts } from "../../core/exports/plan-parts.ts";
import { ExportFailure } from "./export-failure.ts";

/** The stack's bucket for exports. */
export interface ExportBucket {
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
