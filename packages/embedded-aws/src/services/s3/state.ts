import type { Tag } from "@aws-sdk/client-s3";
import { AwsError } from "../../engine/aws-error.ts";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import type { Call } from "../../engine/operation.ts";
import { defineState } from "../../engine/state.ts";

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
