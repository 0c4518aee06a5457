import type { Tag } from "@aws-sdk/client-s3";
import { defineState, type EmbeddedAws } from "../../engine/embedded-aws.ts";
import { type Authorization, AwsError, type Call } from "../../engine/operation.ts";
import { authorizeKey } from "../kms/find-key.ts";

/** One version of an object, or a delete marker. */
export interface ObjectVersion {
  /** `null` if the bucket was not versioned when it was written. */
  readonly id: string;
  readonly deleted: boolean;
  readonly body: Uint8Array;
  /** With its quotation marks. */
  readonly etag: string;
  readonly modified: Date;
  /** What the writer set and readers get back: content type, user metadata, checksums, encryption. */
  readonly description: Readonly<Record<string, unknown>>;
  tags: readonly Tag[];
}

export interface Bucket {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly created: Date;
  /** Newest version first. */
  readonly objects: Map<string, ObjectVersion[]>;
  /** The bucket policy, JSON. */
  policy: string | undefined;
  /** By the operation's name without its verb, e.g. `BucketVersioning`, as given. */
  readonly configurations: Map<string, Readonly<Record<string, unknown>>>;
}

const buckets = defineState("s3", () => new Map<string, Bucket>());

/** Bucket names are unique in the partition, not in an account. */
export const bucketsOf = (aws: EmbeddedAws): Map<string, Bucket> => aws.state(buckets, "", "");

export const versioningOf = (bucket: Bucket): unknown => bucket.configurations.get("BucketVersioning")?.Status;

interface BucketReference {
  readonly Bucket: string | undefined;
  readonly ExpectedBucketOwner?: string | undefined;
}

/** @throws AwsError NoSuchBucket, PermanentRedirect (from another region), AccessDenied (unexpected owner) */
export function bucketNamed(
  { aws, region }: Call,
  { Bucket: name, ExpectedBucketOwner: owner }: BucketReference,
): Bucket {
  const bucket = bucketsOf(aws).get(name ?? "");
  if (!bucket) throw new AwsError("NoSuchBucket", "The specified bucket does not exist");
  if (owner !== undefined && owner !== bucket.account)
    throw new AwsError("AccessDenied", "Access Denied", { status: 403 });
  if (region !== bucket.region) {
    const message = `The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint: ${name} is in ${bucket.region}.`;
    throw new AwsError("PermanentRedirect", message, { status: 301 });
  }
  return bucket;
}

interface ObjectReference {
  readonly Key: string | undefined;
  readonly VersionId?: string | undefined;
}

/** @throws AwsError NoSuchKey, NoSuchVersion, MethodNotAllowed (a delete marker by its version) */
export function objectIn(bucket: Bucket, { Key: key = "", VersionId: id }: ObjectReference): ObjectVersion {
  const versions = bucket.objects.get(key) ?? [];
  const found = id === undefined ? versions[0] : versions.find((version) => version.id === id);
  if (id !== undefined && !found) {
    throw new AwsError("NoSuchVersion", "The specified version does not exist.", { status: 404 });
  }
  if (id !== undefined && found?.deleted) {
    throw new AwsError("MethodNotAllowed", "The specified method is not allowed against this resource.", {
      status: 405,
    });
  }
  if (!found || found.deleted) throw new AwsError("NoSuchKey", "The specified key does not exist.");
  return found;
}

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
