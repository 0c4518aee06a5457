import type { CreateMultipartUploadCommandInput } from "@aws-sdk/client-s3";
import { AwsError } from "../../../engine/aws-error.ts";
import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import { defineState } from "../../../engine/state.ts";

interface Part {
  readonly body: Uint8Array;
  /** With its quotation marks. */
  readonly etag: string;
  /** Base64. */
  readonly sha256: string;
}

export interface Upload {
  readonly id: string;
  readonly bucket: string;
  readonly key: string;
  readonly input: CreateMultipartUploadCommandInput;
  /** By number, from 1. */
  readonly parts: Map<number, Part>;
}

const uploads = defineState("s3.uploads", () => new Map<string, Upload>());

/** Uploads that are neither completed nor aborted. */
export const uploadsOf = (aws: EmbeddedAws): Map<string, Upload> => aws.state(uploads, "", "");

interface UploadReference {
  readonly Bucket: string | undefined;
  readonly Key: string | undefined;
  readonly UploadId: string | undefined;
}

/** @throws NoSuchUpload */
export function requireUpload(aws: EmbeddedAws, { Bucket, Key, UploadId = "" }: UploadReference): Upload {
  const upload = uploadsOf(aws).get(UploadId);
  if (upload && upload.bucket === Bucket && upload.key === Key) return upload;
  throw new AwsError(
    "NoSuchUpload",
    "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
    { status: 404 },
  );
}
