import { hasExports } from "../../core/export/notice.ts";
import { factory } from "../program/factory.ts";
import { boundary, place, resourceName, tags } from "../resources/deployment.ts";
import { policyOf } from "../resources/grant.ts";
import { keyArn } from "../resources/keys.ts";
import { keepPrivate } from "../resources/private-bucket.ts";

/** The principal that the role trusts, and its external ID (VM Import/Export user guide, "Required service role"). */
const VM_IMPORT = "vmie.amazonaws.com";
const EXTERNAL_ID = "vmimport";

/**
 * The bucket for exported disk images, VM Import/Export's role, and the signing key. Undefined if no channel has exports.
 */
export const exporting = hasExports(factory) ? makeExports() : undefined;

function makeExports() {
  const created = new aws.s3.Bucket("Exports", { bucket: `${factory.name}-exports-${place.account}`, tags });
  const { bucket, arn } = created;

  // VM Import/Export cannot write to a bucket with SSE-KMS as its default ("Considerations for image export"). Finished
  // exports are still encrypted with the factory's key: `follow-exports` requests it for each object.
  new aws.s3.BucketServerSideEncryptionConfiguration("ExportsEncryption", {
    bucket,
    rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
  });

  keepPrivate("Exports", created);

  new aws.s3.BucketLifecycleConfiguration("ExportsLifecycle", {
    bucket,
    rules: [
      {
        id: "what-is-staged-is-kept-within-hours",
        status: "Enabled",
        filter: { prefix: "staging/" },
        expiration: { days: 3 },
      },
      {
        id: "copies-that-were-given-up",
        status: "Enabled",
        filter: { prefix: "" },
        abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
      },
    ],
  });

  const role = new aws.iam.Role("ExportsRole", {
    name: resourceName("exports"),
    ...boundary,
    assumeRolePolicy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: VM_IMPORT },
          Action: "sts:AssumeRole",
          Condition: { StringEquals: { "sts:Externalid": EXTERNAL_ID } },
        },
      ],
    }),
    inlinePolicies: [
      {
        name: "grants",
        policy: policyOf([
          { actions: ["s3:GetBucketLocation", "s3:GetBucketAcl", "s3:ListBucket"], resources: [arn] },
          { actions: ["s3:PutObject", "s3:GetObject"], resources: [$interpolate`${arn}/staging/*`] },
          // Also in the user guide's policy; which AMIs and snapshots they apply to is not documented.
          {
            actions: ["ec2:ModifySnapshotAttribute", "ec2:CopySnapshot", "ec2:RegisterImage", "ec2:Describe*"],
            resources: ["*"],
          },
        ]),
      },
    ],
    tags,
  });

  // Retained when the stack is removed, so that old signatures can still be verified.
  const signing = new aws.kms.Key(
    "ExportsSigningKey",
    {
      region: place.region,
      description: `Signs the exports of the factory ${factory.name}`,
      customerMasterKeySpec: "ECC_NIST_P256",
      keyUsage: "SIGN_VERIFY",
      deletionWindowInDays: 30,
      tags,
    },
    { retainOnDelete: true },
  );
  new aws.kms.Alias(
    "ExportsSigningKeyAlias",
    { region: place.region, name: `alias/${resourceName("exports")}`, targetKeyId: signing.keyId },
    { retainOnDelete: true },
  );

  return {
    bucket,
    bucketArn: arn,
    roleName: role.name,
    roleArn: role.arn,
    signingKeyArn: signing.arn,
    keyArn: keyArn(),
  };
}
