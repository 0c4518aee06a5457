import type * as Sdk from "@aws-sdk/client-s3";
import type { Inputs } from "./inputs.ts";
import { put, type ResourceType, tagList } from "./resource-type.ts";

export const bucket: ResourceType = {
  async create(inputs, site) {
    const Bucket = inputs.text("bucket");
    const LocationConstraint = site.region === "us-east-1" ? undefined : (site.region as "eu-west-1");
    await site.call("s3", "CreateBucket", {
      Bucket,
      CreateBucketConfiguration: LocationConstraint && { LocationConstraint },
    } satisfies Sdk.CreateBucketCommandInput);
    const TagSet = tagList(inputs);
    if (TagSet.length) {
      await site.call("s3", "PutBucketTagging", {
        Bucket,
        Tagging: { TagSet },
      } satisfies Sdk.PutBucketTaggingCommandInput);
    }
    return { id: Bucket, bucket: Bucket, arn: `arn:aws:s3:::${Bucket}` };
  },
  async update(inputs, site, before) {
    const Bucket = inputs.text("bucket");
    const TagSet = tagList(inputs);
    if (TagSet.length > 0) await site.call("s3", "PutBucketTagging", { Bucket, Tagging: { TagSet } });
    else await site.call("s3", "DeleteBucketTagging", { Bucket });
    return before.attributes;
  },
  delete: ({ attributes: { bucket: Bucket } }, site) => site.call("s3", "DeleteBucket", { Bucket }),
  replacedBy: ["bucket"],
  autoNamed: "bucket",
};

export const bucketPolicy = put({
  async create(inputs, site) {
    const Bucket = inputs.text("bucket");
    const Policy = inputs.json("policy");
    await site.call("s3", "PutBucketPolicy", { Bucket, Policy } satisfies Sdk.PutBucketPolicyCommandInput);
    return { id: Bucket };
  },
  delete: ({ attributes: { id: Bucket } }, site) => site.call("s3", "DeleteBucketPolicy", { Bucket }),
  replacedBy: ["bucket"],
});

/** A bucket setting: its `Put...` operation, and the operation that removes it. */
const setting = (
  operation: string,
  toInput: (inputs: Inputs, bucket: string) => object,
  takeBack: (Bucket: string) => readonly [operation: string, input: object] = (Bucket) => [
    operation.replace("Put", "Delete"),
    { Bucket },
  ],
): ResourceType =>
  put({
    async create(inputs, site) {
      const Bucket = inputs.text("bucket");
      await site.call("s3", operation, toInput(inputs, Bucket));
      return { id: Bucket };
    },
    delete: ({ inputs }, site) => site.call("s3", ...takeBack(inputs.text("bucket"))),
    replacedBy: ["bucket"],
  });

export const versioning = setting(
  "PutBucketVersioning",
  (inputs, Bucket) => {
    const configuration = inputs.object("versioningConfiguration");
    const Status = configuration?.text<Sdk.BucketVersioningStatus>("status");
    return { Bucket, VersioningConfiguration: { Status } } satisfies Sdk.PutBucketVersioningCommandInput;
  },
  (Bucket) => ["PutBucketVersioning", { Bucket, VersioningConfiguration: { Status: "Suspended" } }],
);

export const publicAccessBlock = setting("PutPublicAccessBlock", (inputs, Bucket) => {
  return {
    Bucket,
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: inputs.flag("blockPublicAcls"),
      BlockPublicPolicy: inputs.flag("blockPublicPolicy"),
      IgnorePublicAcls: inputs.flag("ignorePublicAcls"),
      RestrictPublicBuckets: inputs.flag("restrictPublicBuckets"),
    },
  } satisfies Sdk.PutPublicAccessBlockCommandInput;
});

export const encryption = setting("PutBucketEncryption", (inputs, Bucket) => {
  const Rules = inputs.list("rules").map((rule) => {
    const byDefault = rule.object("applyServerSideEncryptionByDefault");
    return {
      ApplyServerSideEncryptionByDefault: byDefault && {
        SSEAlgorithm: byDefault.text<Sdk.ServerSideEncryption>("sseAlgorithm"),
        KMSMasterKeyID: byDefault.maybeText("kmsMasterKeyId"),
      },
      BucketKeyEnabled: rule.flag("bucketKeyEnabled"),
    };
  });
  return { Bucket, ServerSideEncryptionConfiguration: { Rules } } satisfies Sdk.PutBucketEncryptionCommandInput;
});

export const ownershipControls = setting("PutBucketOwnershipControls", (inputs, Bucket) => {
  const rule = inputs.object("rule");
  const Rules = rule ? [{ ObjectOwnership: rule.text<Sdk.ObjectOwnership>("objectOwnership") }] : [];
  return { Bucket, OwnershipControls: { Rules } } satisfies Sdk.PutBucketOwnershipControlsCommandInput;
});

export const cors = setting("PutBucketCors", (inputs, Bucket) => {
  const CORSRules = inputs.list("corsRules").map((rule) => ({
    ID: rule.maybeText("id"),
    AllowedHeaders: rule.texts("allowedHeaders"),
    AllowedMethods: rule.texts("allowedMethods"),
    AllowedOrigins: rule.texts("allowedOrigins"),
    ExposeHeaders: rule.texts("exposeHeaders"),
    MaxAgeSeconds: rule.number("maxAgeSeconds"),
  }));
  return { Bucket, CORSConfiguration: { CORSRules } } satisfies Sdk.PutBucketCorsCommandInput;
});

export const lifecycle = setting(
  "PutBucketLifecycleConfiguration",
  (inputs, Bucket) => {
    const Rules = inputs.list("rules").map(toLifecycleRule);
    return { Bucket, LifecycleConfiguration: { Rules } } satisfies Sdk.PutBucketLifecycleConfigurationCommandInput;
  },
  (Bucket) => ["DeleteBucketLifecycle", { Bucket }],
);

function toLifecycleRule(rule: Inputs): Sdk.LifecycleRule {
  const expiration = rule.object("expiration");
  const noncurrent = rule.object("noncurrentVersionExpiration");
  const uploads = rule.object("abortIncompleteMultipartUpload");
  return {
    ID: rule.maybeText("id"),
    Status: rule.text<Sdk.ExpirationStatus>("status"),
    Filter: { Prefix: rule.object("filter")?.maybeText("prefix") ?? "" },
    Expiration: expiration && {
      Days: expiration.number("days"),
      ExpiredObjectDeleteMarker: expiration.flag("expiredObjectDeleteMarker"),
    },
    NoncurrentVersionExpiration: noncurrent && {
      NoncurrentDays: noncurrent.number("noncurrentDays"),
      NewerNoncurrentVersions: noncurrent.number("newerNoncurrentVersions"),
    },
    AbortIncompleteMultipartUpload: uploads && { DaysAfterInitiation: uploads.number("daysAfterInitiation") },
    Transitions: rule.list("transitions").map((transition) => ({
      Days: transition.number("days"),
      StorageClass: transition.text<Sdk.TransitionStorageClass>("storageClass"),
    })),
  };
}
