import { answered, bytes, type FactoryCall, PRESENT, ref, refused } from "../factory-call.ts";

const Bucket = "evidence";
const Key = "a b/é+1.json";
const policy = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource: "arn:aws:s3:::evidence/*",
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
  ],
});
const encryption = { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } }] };
const lifecycle = { Rules: [{ ID: "old", Status: "Enabled", Filter: { Prefix: "" }, Expiration: { Days: 90 } }] };
const cors = { CORSRules: [{ AllowedMethods: ["GET", "PUT"], AllowedOrigins: ["*"] }] };
const block = { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true };
const ownership = { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] };
const tagging = { TagSet: [{ Key: "team", Value: "images & more" }] };
const website = { IndexDocument: { Suffix: "index.html" } };
const absent = (code: string) => ({ code, status: 404 });
const noBucket = { code: "NoSuchBucket", status: 404, message: "The specified bucket does not exist" };
/** An answer to HEAD has no body: a client makes the code of the status. */
const noHead = { code: "404", ofSdk: "NotFound", status: 404 };

const whole = { Bucket, Key: "out/disk.raw" };
const UploadId = ref("upload.UploadId");

export const OBJECT_CALLS: readonly FactoryCall[] = [
  answered("s3:CreateBucket", { Bucket, CreateBucketConfiguration: { LocationConstraint: "eu-west-1" } }),
  refused(
    "s3:CreateBucket",
    { Bucket, CreateBucketConfiguration: { LocationConstraint: "eu-west-1" } },
    {
      code: "BucketAlreadyOwnedByYou",
      status: 409,
      message: "Your previous request to create the named bucket succeeded and you already own it.",
    },
  ),
  answered("s3:HeadBucket", { Bucket }),
  refused("s3:HeadBucket", { Bucket: "none-of-ours" }, noHead),
  answered("s3:ListBuckets", {}, { "Buckets.0.Name": Bucket }),
  answered("s3:GetBucketLocation", { Bucket }, { LocationConstraint: "eu-west-1" }),
  answered(
    "s3:PutObject",
    { Bucket, Key, Body: bytes("{}\n<é>"), ContentType: "application/json", Metadata: { build: "1" } },
    {
      ETag: PRESENT,
    },
  ),
  refused("s3:PutObject", { Bucket: "none-of-ours", Key, Body: bytes("") }, noBucket),
  answered(
    "s3:GetObject",
    { Bucket, Key },
    { Body: "{}\n<é>", ContentType: "application/json", "Metadata.build": "1" },
  ),
  answered("s3:GetObject", { Bucket, Key, Range: "bytes=0-1" }, { Body: "{}", ContentRange: "bytes 0-1/7" }),
  refused(
    "s3:GetObject",
    { Bucket, Key: "none" },
    {
      code: "NoSuchKey",
      status: 404,
      message: "The specified key does not exist.",
    },
  ),
  answered("s3:HeadObject", { Bucket, Key }, { ContentLength: 7 }),
  refused("s3:HeadObject", { Bucket, Key: "none" }, noHead),
  answered("s3:ListObjectsV2", { Bucket }, { "Contents.0.Key": Key }),
  answered("s3:ListObjectsV2", { Bucket, Delimiter: "/" }, { "CommonPrefixes.0.Prefix": "a b/" }),
  answered("s3:ListObjectVersions", { Bucket }, { "Versions.0.Key": Key }),
  answered("s3:ListObjectVersions", { Bucket, Delimiter: "/" }, { "CommonPrefixes.0.Prefix": "a b/" }),
  answered("s3:PutObjectTagging", { Bucket, Key, Tagging: tagging }),
  answered("s3:GetObjectTagging", { Bucket, Key }, tagging),
  answered("s3:DeleteObjectTagging", { Bucket, Key }),
  refused("s3:GetObjectTagging", { Bucket, Key: "none" }, { code: "NoSuchKey", status: 404 }),
  answered("s3:DeleteObject", { Bucket, Key }),
  answered("s3:PutObject", { Bucket, Key: "old", Body: bytes("") }),
  answered(
    "s3:DeleteObjects",
    { Bucket, Delete: { Objects: [{ Key: "old" }, { Key: "none" }] } },
    {
      "Deleted.0.Key": "old",
      "Deleted.1.Key": "none",
    },
  ),

  answered("s3:PutObject", { Bucket, Key: "in.raw", Body: bytes("disk") }),
  answered(
    "s3:CreateMultipartUpload",
    { ...whole, ChecksumAlgorithm: "SHA256" },
    { UploadId: PRESENT },
    { as: "upload" },
  ),
  answered(
    "s3:UploadPartCopy",
    { ...whole, UploadId, PartNumber: 1, CopySource: `${Bucket}/in.raw` },
    { "CopyPartResult.ETag": PRESENT },
    { as: "part" },
  ),
  refused(
    "s3:UploadPartCopy",
    { ...whole, UploadId, PartNumber: 1, CopySource: `${Bucket}/none` },
    { code: "NoSuchKey", status: 404 },
  ),
  answered(
    "s3:CompleteMultipartUpload",
    {
      ...whole,
      UploadId,
      MultipartUpload: {
        Parts: [
          {
            PartNumber: 1,
            ETag: ref("part.CopyPartResult.ETag"),
            ChecksumSHA256: ref("part.CopyPartResult.ChecksumSHA256"),
          },
        ],
      },
    },
    { ChecksumSHA256: PRESENT },
  ),
  answered("s3:HeadObject", { ...whole, ChecksumMode: "ENABLED" }, { ContentLength: 4, ChecksumSHA256: PRESENT }),
  refused("s3:AbortMultipartUpload", { ...whole, UploadId }, { code: "NoSuchUpload", status: 404 }),
  answered("s3:DeleteObjects", { Bucket, Delete: { Objects: [{ Key: "in.raw" }, { Key: whole.Key }] } }),

  answered("s3:PutBucketPolicy", { Bucket, Policy: policy }),
  answered("s3:GetBucketPolicy", { Bucket }, { Policy: policy }),
  refused(
    "s3:PutBucketPolicy",
    { Bucket, Policy: "{" },
    {
      code: "MalformedPolicy",
      status: 400,
      message: "",
    },
  ),
  answered("s3:GetBucketPolicyStatus", { Bucket }, { "PolicyStatus.IsPublic": false }),
  answered("s3:DeleteBucketPolicy", { Bucket }),
  refused(
    "s3:GetBucketPolicy",
    { Bucket },
    { ...absent("NoSuchBucketPolicy"), message: "The bucket policy does not exist" },
  ),
  answered("s3:PutBucketVersioning", { Bucket, VersioningConfiguration: { Status: "Enabled" } }),
  answered("s3:GetBucketVersioning", { Bucket }, { Status: "Enabled" }),
  answered("s3:PutPublicAccessBlock", { Bucket, PublicAccessBlockConfiguration: block }),
  answered("s3:GetPublicAccessBlock", { Bucket }, { "PublicAccessBlockConfiguration.BlockPublicPolicy": true }),
  answered("s3:DeletePublicAccessBlock", { Bucket }),
  refused("s3:GetPublicAccessBlock", { Bucket }, absent("NoSuchPublicAccessBlockConfiguration")),
  answered("s3:PutBucketEncryption", { Bucket, ServerSideEncryptionConfiguration: encryption }),
  answered(
    "s3:GetBucketEncryption",
    { Bucket },
    {
      "ServerSideEncryptionConfiguration.Rules.0.ApplyServerSideEncryptionByDefault.SSEAlgorithm": "AES256",
    },
  ),
  refused(
    "s3:PutBucketEncryption",
    { Bucket, ServerSideEncryptionConfiguration: { Rules: [] } },
    {
      code: "MalformedXML",
      status: 400,
      message: "The XML you provided was not well-formed or did not validate against our published schema",
    },
  ),
  answered("s3:DeleteBucketEncryption", { Bucket }),
  answered("s3:PutBucketLifecycleConfiguration", { Bucket, LifecycleConfiguration: lifecycle }),
  answered("s3:GetBucketLifecycleConfiguration", { Bucket }, { "Rules.0.Expiration.Days": 90 }),
  answered("s3:DeleteBucketLifecycle", { Bucket }),
  refused("s3:GetBucketLifecycleConfiguration", { Bucket }, absent("NoSuchLifecycleConfiguration")),
  answered("s3:PutBucketOwnershipControls", { Bucket, OwnershipControls: ownership }),
  answered("s3:GetBucketOwnershipControls", { Bucket }, { OwnershipControls: ownership }),
  answered("s3:DeleteBucketOwnershipControls", { Bucket }),
  answered("s3:PutBucketCors", { Bucket, CORSConfiguration: cors }),
  answered("s3:GetBucketCors", { Bucket }, cors),
  answered("s3:DeleteBucketCors", { Bucket }),
  refused("s3:GetBucketCors", { Bucket }, absent("NoSuchCORSConfiguration")),
  answered("s3:PutBucketTagging", { Bucket, Tagging: tagging }),
  answered("s3:GetBucketTagging", { Bucket }, tagging),
  answered("s3:DeleteBucketTagging", { Bucket }),
  refused("s3:GetBucketTagging", { Bucket }, absent("NoSuchTagSet")),
  answered("s3:GetBucketAcl", { Bucket }, { "Grants.0.Permission": "FULL_CONTROL" }),
  answered("s3:PutBucketAcl", { Bucket, ACL: "private" }),
  answered("s3:PutBucketWebsite", { Bucket, WebsiteConfiguration: website }),
  answered("s3:GetBucketWebsite", { Bucket }, website),
  answered("s3:DeleteBucketWebsite", { Bucket }),
  refused("s3:GetBucketWebsite", { Bucket }, absent("NoSuchWebsiteConfiguration")),
  answered("s3:PutBucketAccelerateConfiguration", { Bucket, AccelerateConfiguration: { Status: "Suspended" } }),
  answered("s3:GetBucketAccelerateConfiguration", { Bucket }, { Status: "Suspended" }),
  answered("s3:PutBucketRequestPayment", { Bucket, RequestPaymentConfiguration: { Payer: "BucketOwner" } }),
  answered("s3:GetBucketRequestPayment", { Bucket }, { Payer: "BucketOwner" }),
  answered("s3:GetBucketLogging", { Bucket }),
  answered("s3:GetBucketNotificationConfiguration", { Bucket }),
  refused("s3:GetBucketReplication", { Bucket }, absent("ReplicationConfigurationNotFoundError")),
  refused("s3:GetObjectLockConfiguration", { Bucket }, absent("ObjectLockConfigurationNotFoundError")),
  answered("s3:PutObject", { Bucket, Key: "last", Body: bytes("v") }),
  refused(
    "s3:DeleteBucket",
    { Bucket },
    {
      code: "BucketNotEmpty",
      status: 409,
      message: "The bucket you tried to delete is not empty",
    },
  ),
  answered("s3:DeleteObject", { Bucket, Key: "last" }),
  answered("s3:CreateBucket", { Bucket: "passing", CreateBucketConfiguration: { LocationConstraint: "eu-west-1" } }),
  answered("s3:DeleteBucket", { Bucket: "passing" }),
  refused("s3:DeleteBucket", { Bucket: "passing" }, noBucket),
];
