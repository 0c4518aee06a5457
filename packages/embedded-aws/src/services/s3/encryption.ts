import type { PutObjectCommandInput, ServerSideEncryptionConfiguration } from "@aws-sdk/client-s3";
import type { Bucket } from "./state.ts";

/** How an object is kept, as its writer and its readers are told. */
export interface Encryption {
  readonly ServerSideEncryption: "AES256" | "aws:kms";
  readonly SSEKMSKeyId?: string;
}

/** What the request says, else the bucket's default, else S3's own keys (since January 2023). */
export function encryptionOf(
  input: Pick<PutObjectCommandInput, "ServerSideEncryption" | "SSEKMSKeyId">,
  bucket: Bucket | undefined,
): Encryption {
  const configured = bucket?.configurations.get("BucketEncryption") as ServerSideEncryptionConfiguration | undefined;
  const standard = configured?.Rules?.[0]?.ApplyServerSideEncryptionByDefault;
  const algorithm = input.ServerSideEncryption ?? standard?.SSEAlgorithm ?? "AES256";
  if (algorithm !== "aws:kms") return { ServerSideEncryption: "AES256" };
  const key = input.SSEKMSKeyId ?? standard?.KMSMasterKeyID ?? "alias/aws/s3";
  return { ServerSideEncryption: "aws:kms", SSEKMSKeyId: key };
}
