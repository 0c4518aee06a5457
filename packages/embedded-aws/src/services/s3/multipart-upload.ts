import { createHash } from "node:crypto";
import type * as Sdk from "@aws-sdk/client-s3";
import { defineState, type EmbeddedAws } from "../../engine/embedded-aws.ts";
import { AwsError, type Operations } from "../../engine/operation.ts";
import { encryptionOf, mayPut, putVersion } from "./put-version.ts";
import { bucketNamed, bucketsOf, objectIn, onKey, onObject } from "./state.ts";

interface Part {
  readonly body: Uint8Array;
  /** With its quotation marks. */
  readonly etag: string;
  /** Base64. */
  readonly sha256: string;
}

interface Upload {
  readonly id: string;
  readonly bucket: string;
  readonly key: string;
  readonly input: Sdk.CreateMultipartUploadCommandInput;
  /** By number, from 1. */
  readonly parts: Map<number, Part>;
}

const uploads = defineState("s3.uploads", () => new Map<string, Upload>());

interface UploadReference {
  readonly Bucket: string | undefined;
  readonly Key: string | undefined;
  readonly UploadId: string | undefined;
}

/** Minimum of every part except the last (S3 user guide, "Amazon S3 multipart upload limits"), in bytes. */
const SMALLEST_PART = 5 * 2 ** 20;
const MOST_PARTS = 10_000;

export const operations = {
  CreateMultipartUpload: {
    authorize: mayPut,
    run(input, call) {
      const { name } = bucketNamed(call, input);
      if (input.ChecksumAlgorithm !== "SHA256" || (input.ChecksumType ?? "COMPOSITE") !== "COMPOSITE") {
        throw new AwsError("NotImplemented", "s3:CreateMultipartUpload is built only for composite SHA256 checksums");
      }
      const id = call.aws.hexId(13) + call.aws.hexId(13);
      uploadsOf(call.aws).set(id, { id, bucket: name, key: input.Key ?? "", input, parts: new Map() });
      return { Bucket: name, Key: input.Key, UploadId: id, ChecksumAlgorithm: "SHA256", ChecksumType: "COMPOSITE" };
    },
  },
  /** A part copied from bytes that are already in S3. */
  UploadPartCopy: {
    authorize(input, call) {
      const { bucket: from, key, version } = sourceOf(input);
      const source = bucketsOf(call.aws).get(from);
      const sourceKey = source?.objects.get(key)?.[0]?.description.SSEKMSKeyId;
      const target = bucketsOf(call.aws).get(input.Bucket ?? "");
      const upload = uploadsOf(call.aws).get(input.UploadId ?? "");
      const targetKey = upload && encryptionOf(upload.input, target).SSEKMSKeyId;
      return [
        onObject(call, from, key, version === undefined ? "GetObject" : "GetObjectVersion"),
        ...(source ? onKey(call, source, key, sourceKey, "Decrypt") : []),
        onObject(call, input.Bucket, input.Key, "PutObject"),
        // Each part is encrypted with the upload's data key (S3 user guide, "Protecting data with SSE-KMS").
        ...(target ? onKey(call, target, input.Key ?? "", targetKey, "GenerateDataKey") : []),
        ...(target ? onKey(call, target, input.Key ?? "", targetKey, "Decrypt") : []),
      ];
    },
    run(input, call) {
      bucketNamed(call, input);
      const upload = requireUpload(call.aws, { Bucket: input.Bucket, Key: input.Key, UploadId: input.UploadId });
      const number = input.PartNumber ?? 0;
      if (!(Number.isInteger(number) && number >= 1 && number <= MOST_PARTS)) {
        throw invalid(`Part number must be an integer between 1 and ${MOST_PARTS}, inclusive`);
      }
      const { bucket, key, version } = sourceOf(input);
      const source = objectIn(bucketNamed(call, { Bucket: bucket }), { Key: key, VersionId: version });
      if (input.CopySourceIfMatch !== undefined && input.CopySourceIfMatch !== source.etag) {
        throw new AwsError("PreconditionFailed", "At least one of the pre-conditions you specified did not hold", {
          status: 412,
        });
      }
      const { first, last } = rangeOf(input.CopySourceRange, source.body.length);
      const body = Uint8Array.from(source.body.subarray(first, last + 1));
      const etag = `"${createHash("md5").update(body).digest("hex")}"`;
      const sha256 = createHash("sha256").update(body).digest("base64");
      upload.parts.set(number, { body, etag, sha256 });
      return {
        CopyPartResult: { ETag: etag, ChecksumSHA256: sha256, LastModified: new Date(call.aws.clock.now()) },
      };
    },
  },
  CompleteMultipartUpload: {
    authorize(input, call) {
      const bucket = bucketsOf(call.aws).get(input.Bucket ?? "");
      const upload = uploadsOf(call.aws).get(input.UploadId ?? "");
      const key = upload && encryptionOf(upload.input, bucket).SSEKMSKeyId;
      return [
        onObject(call, input.Bucket, input.Key, "PutObject"),
        ...(bucket ? onKey(call, bucket, input.Key ?? "", key, "Decrypt") : []),
      ];
    },
    run(input, call) {
      const bucket = bucketNamed(call, input);
      const upload = requireUpload(call.aws, input);
      const parts = chosenParts(upload, input.MultipartUpload?.Parts ?? []);
      const whole = (algorithm: string, digests: readonly Uint8Array[]) =>
        createHash(algorithm).update(Buffer.concat(digests)).digest();
      const md5 = whole(
        "md5",
        parts.map(({ etag }) => Buffer.from(etag.slice(1, -1), "hex")),
      );
      const sha256 = whole(
        "sha256",
        parts.map((part) => Buffer.from(part.sha256, "base64")),
      );
      const put = putVersion(call, bucket, upload.input, {
        body: Buffer.concat(parts.map(({ body }) => body)),
        etag: `"${md5.toString("hex")}-${parts.length}"`,
        kept: { ChecksumSHA256: `${sha256.toString("base64")}-${parts.length}`, ChecksumType: "COMPOSITE" },
      });
      uploadsOf(call.aws).delete(upload.id);
      return { Bucket: bucket.name, Key: upload.key, Location: `/${bucket.name}/${upload.key}`, ...put };
    },
  },
  AbortMultipartUpload: {
    authorize: (input, call) => [onObject(call, input.Bucket, input.Key, "AbortMultipartUpload")],
    run(input, call) {
      bucketNamed(call, input);
      uploadsOf(call.aws).delete(requireUpload(call.aws, input).id);
    },
  },
} satisfies Operations<typeof Sdk>;

/** Uploads that are neither completed nor aborted. */
const uploadsOf = (aws: EmbeddedAws): Map<string, Upload> => aws.state(uploads, "", "");

/** @throws NoSuchUpload */
function requireUpload(aws: EmbeddedAws, { Bucket, Key, UploadId = "" }: UploadReference): Upload {
  const upload = uploadsOf(aws).get(UploadId);
  if (upload && upload.bucket === Bucket && upload.key === Key) return upload;
  throw new AwsError(
    "NoSuchUpload",
    "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
  );
}

const invalid = (message: string): AwsError => new AwsError("InvalidArgument", message);

/** @throws InvalidPart, InvalidPartOrder, EntityTooSmall, MalformedXML */
function chosenParts(upload: Upload, asked: readonly Sdk.CompletedPart[]) {
  if (asked.length === 0) {
    const message = "The XML you provided was not well-formed or did not validate against our published schema";
    throw new AwsError("MalformedXML", message);
  }
  if (asked.some(({ PartNumber = 0 }, index) => PartNumber <= (asked[index - 1]?.PartNumber ?? 0))) {
    throw new AwsError("InvalidPartOrder", "The list of parts was not in ascending order.");
  }
  return asked.map(({ PartNumber: number = 0, ETag, ChecksumSHA256 }, index) => {
    const part = upload.parts.get(number);
    const alike = part && (ETag === undefined || ETag.replaceAll('"', "") === part.etag.replaceAll('"', ""));
    // With a checksum algorithm, the request must contain each part's checksum (S3 user guide, "Checking object
    // integrity").
    if (!part || !alike || ChecksumSHA256 !== part.sha256) {
      throw new AwsError(
        "InvalidPart",
        "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
      );
    }
    if (index < asked.length - 1 && part.body.length < SMALLEST_PART) {
      throw new AwsError("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size");
    }
    return part;
  });
}

/** `<bucket>/<key>`, URL-encoded, with or without a slash before it (S3 API reference, UploadPartCopy). */
function sourceOf({ CopySource = "" }: Sdk.UploadPartCopyCommandInput) {
  const [path = "", version] = CopySource.split("?versionId=");
  const decoded = decodeURIComponent(path.replace(/^\//, ""));
  const slash = decoded.indexOf("/");
  return { bucket: decoded.slice(0, slash), key: decoded.slice(slash + 1), version };
}

function rangeOf(range: string | undefined, size: number): { first: number; last: number } {
  if (range === undefined) return { first: 0, last: size - 1 };
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? [];
  if (first === undefined || last === undefined || Number(last) >= size || Number(first) > Number(last)) {
    throw invalid(`Range specified is not valid for source object of size: ${size}`);
  }
  return { first: Number(first), last: Number(last) };
}
