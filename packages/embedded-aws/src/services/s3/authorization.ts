import type { Authorization, Call } from "../../engine/operation.ts";
import { authorizeKey } from "../kms/authorize-key.ts";
import { type Bucket, bucketsOf } from "./state.ts";

type Asked = Partial<Authorization>;

/** A request on a bucket: the caller's policies and the bucket's. */
export const onBucket = (
  { aws }: Call,
  name: string | undefined,
  action: string,
  context: Authorization["context"] = {},
): Asked => ({
  action: `s3:${action}`,
  resources: [`arn:aws:s3:::${name}`],
  context,
  ...ownerOf(bucketsOf(aws).get(name ?? "")),
});

/** A request on an object. */
export const onObject = ({ aws }: Call, name: string | undefined, key: string | undefined, action: string): Asked => ({
  action: `s3:${action}`,
  resources: [`arn:aws:s3:::${name}/${key}`],
  ...ownerOf(bucketsOf(aws).get(name ?? "")),
});

const ownerOf = (bucket: Bucket | undefined): Asked =>
  bucket ? { owner: bucket.account, resourcePolicy: bucket.policy } : {};

/** S3 calls KMS on the caller's behalf; empty without a customer key. */
export function onKey(call: Call, bucket: Bucket, objectKey: string, key: unknown, action: string): Asked[] {
  if (typeof key !== "string") return [];
  const context = {
    "kms:ViaService": `s3.${bucket.region}.amazonaws.com`,
    "kms:EncryptionContext:aws:s3:arn": `arn:aws:s3:::${bucket.name}${bucketKey(bucket) ? "" : `/${objectKey}`}`,
  };
  return [{ ...authorizeKey({ ...call, region: bucket.region }, key, context), action: `kms:${action}` }];
}

/** With a bucket key, KMS sees the bucket's ARN; without, each object's. */
function bucketKey(bucket: Bucket): boolean {
  const { Rules: rules } = (bucket.configurations.get("BucketEncryption") ?? {}) as {
    Rules?: { BucketKeyEnabled?: boolean }[];
  };
  return rules?.[0]?.BucketKeyEnabled === true;
}
