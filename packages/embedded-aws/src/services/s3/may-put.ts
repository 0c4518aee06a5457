import type { PutObjectCommandInput } from "@aws-sdk/client-s3";
import type { Call } from "../../engine/operation.ts";
import { onKey, onObject } from "./authorization.ts";
import { encryptionOf } from "./encryption.ts";
import { bucketsOf } from "./state.ts";

/** What writing an object takes: the right to put it there, and to encrypt it with its key. */
export function mayPut(
  input: Pick<PutObjectCommandInput, "Bucket" | "Key" | "ServerSideEncryption" | "SSEKMSKeyId">,
  call: Call,
): ReturnType<typeof onKey> {
  const bucket = bucketsOf(call.aws).get(input.Bucket ?? "");
  const key = encryptionOf(input, bucket).SSEKMSKeyId;
  return [
    onObject(call, input.Bucket, input.Key, "PutObject"),
    ...(bucket ? onKey(call, bucket, input.Key ?? "", key, "GenerateDataKey") : []),
  ];
}
