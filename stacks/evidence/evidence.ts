import { factory } from "../program/factory.ts";
import { place, tags } from "../resources/deployment.ts";
import { keyArn } from "../resources/keys.ts";
import { keepPrivate } from "../resources/private-bucket.ts";

/** Manifests that instances upload, and each build's evidence. Bucket names are globally unique. */
export const evidence = new aws.s3.Bucket("Evidence", {
  bucket: `${factory.name}-evidence-${place.account}`,
  tags,
});
const bucket = evidence.bucket;

new aws.s3.BucketVersioning("EvidenceVersioning", { bucket, versioningConfiguration: { status: "Enabled" } });

new aws.s3.BucketServerSideEncryptionConfiguration("EvidenceEncryption", {
  bucket,
  rules: [
    {
      applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn() },
      bucketKeyEnabled: true,
    },
  ],
});

keepPrivate("Evidence", evidence);

// Evidence does not expire: it documents why a build passed its gate.
new aws.s3.BucketLifecycleConfiguration("EvidenceLifecycle", {
  bucket,
  rules: [
    {
      id: "manifests-are-kept-with-the-evidence",
      status: "Enabled",
      filter: { prefix: "manifests/" },
      expiration: { days: 30 },
      noncurrentVersionExpiration: { noncurrentDays: 30 },
      abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
    },
    {
      id: "evidence-is-seldom-read",
      status: "Enabled",
      filter: { prefix: "evidence/" },
      transitions: [{ days: 90, storageClass: "STANDARD_IA" }],
      noncurrentVersionExpiration: { noncurrentDays: 90 },
    },
  ],
});
