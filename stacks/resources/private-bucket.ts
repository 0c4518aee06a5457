/**
 * Limits a bucket to its account and to requests over TLS.
 * @param logical the prefix of its resources' logical names
 */
export function keepPrivate(logical: string, { bucket, arn }: aws.s3.Bucket): void {
  const block = new aws.s3.BucketPublicAccessBlock(`${logical}PublicAccessBlock`, {
    bucket,
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  });

  new aws.s3.BucketOwnershipControls(`${logical}Ownership`, {
    bucket,
    rule: { objectOwnership: "BucketOwnerEnforced" },
  });

  new aws.s3.BucketPolicy(
    `${logical}Policy`,
    {
      bucket,
      policy: aws.iam.getPolicyDocumentOutput({
        statements: [
          {
            sid: "OnlyByTls",
            effect: "Deny",
            principals: [{ type: "*", identifiers: ["*"] }],
            actions: ["s3:*"],
            resources: [arn, $interpolate`${arn}/*`],
            conditions: [{ test: "Bool", variable: "aws:SecureTransport", values: ["false"] }],
          },
        ],
      }).json,
    },
    { dependsOn: [block] },
  );
}
