import { createHash } from "node:crypto";
import type * as Sdk from "@aws-sdk/client-s3";
import { AwsError, type Operations } from "../../engine/operation.ts";
import { type Bucket, bucketNamed, onBucket } from "./state.ts";

/** An account's canonical id in lists and ACLs: 64 hexadecimal digits, always the same. */
export const canonicalId = (account: string): string =>
  createHash("sha256").update(`canonical user ${account}`).digest("hex");

/** Buckets only have the default ACL: full access for the owner, none for others. */
export const operations = {
  GetBucketAcl: {
    authorize: ({ Bucket }, call) => [onBucket(call, Bucket, "GetBucketAcl")],
    run(input, call) {
      const ID = canonicalId(bucketNamed(call, input).account);
      return { Owner: { ID }, Grants: [{ Grantee: { ID, Type: "CanonicalUser" }, Permission: "FULL_CONTROL" }] };
    },
  },
  PutBucketAcl: {
    authorize: ({ Bucket }, call) => [onBucket(call, Bucket, "PutBucketAcl")],
    run(input, call) {
      if (ownsAllObjects(bucketNamed(call, input))) {
        throw new AwsError("AccessControlListNotSupported", "The bucket does not allow ACLs");
      }
      if (input.ACL !== "private") {
        throw new AwsError("NotImplemented", "s3:PutBucketAcl other than private is not built in the embedded AWS");
      }
    },
  },
} satisfies Operations<typeof Sdk>;

function ownsAllObjects(bucket: Bucket): boolean {
  const { Rules = [] } = (bucket.configurations.get("BucketOwnershipControls") ?? {}) as {
    Rules?: readonly { ObjectOwnership?: string }[];
  };
  return Rules[0]?.ObjectOwnership === "BucketOwnerEnforced";
}
