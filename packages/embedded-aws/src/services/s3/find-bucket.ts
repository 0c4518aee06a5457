import { AwsError } from "../../engine/aws-error.ts";
import type { Call } from "../../engine/operation.ts";
import { type Bucket, bucketsOf, type ObjectVersion } from "./state.ts";

interface BucketReference {
  readonly Bucket: string | undefined;
  readonly ExpectedBucketOwner?: string | undefined;
}

/** @throws AwsError NoSuchBucket, PermanentRedirect (from another region), AccessDenied (not the expected owner's) */
export function bucketNamed(
  { aws, region }: Call,
  { Bucket: name, ExpectedBucketOwner: owner }: BucketReference,
): Bucket {
  const bucket = bucketsOf(aws).get(name ?? "");
  if (!bucket) throw new AwsError("NoSuchBucket", "The specified bucket does not exist", { status: 404 });
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

/** @throws AwsError NoSuchKey, NoSuchVersion, MethodNotAllowed (a delete marker asked for by its version) */
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
  if (!found || found.deleted) throw new AwsError("NoSuchKey", "The specified key does not exist.", { status: 404 });
  return found;
}
