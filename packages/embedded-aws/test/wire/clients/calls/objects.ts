import { answered, bytes, type FactoryCall, ofService, PRESENT, ref, refused } from "../factory-call.ts";

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
const absent = (code: string) => `404 ${code}`;
const noBucket = "404 NoSuchBucket: The specified bucket does not exist";
/** An answer to HEAD has no body: a client makes the code of the status. */
const noHead = "404 404 (NotFound)";

const whole = { Bucket, Key: "out/disk.raw" };
const UploadId = ref("upload.UploadId");

export const OBJECT_CALLS: readonly FactoryCall[] = ofService("s3", [
  answered("CreateBucket", { Bucket, CreateBucketConfiguration: { LocationConstraint: "eu-west-1" } }),
  refused("CreateBucket", { Bucket, CreateBucketConfiguration: { LocationConstraint: "eu-west-1" } }).with(
    "409 BucketAlreadyOwnedByYou: Your previous request to create the named bucket succeeded and you already own it.",
  ),
  answered("HeadBucket", { Bucket }),
  refused("HeadBucket", { Bucket: "none-of-ours" }).with(noHead),
  answered("ListBuckets").says({ "Buckets.0.Name": Bucket }),
  answered("GetBucketLocation", { Bucket }).says({ LocationConstraint: "eu-west-1" }),
  answered("PutObject", {
    Bucket,
    Key,
    Body: bytes("{}\n<é>"),
    ContentType: "application/json",
    Metadata: { build: "1" },
  }).says({ ETag: PRESENT }),
  refused("PutObject", { Bucket: "none-of-ours", Key, Body: bytes("") }).with(noBucket),
  answered("GetObject", { Bucket, Key }).says({
    Body: "{}\n<é>",
    ContentType: "application/json",
    "Metadata.build": "1",
  }),
  answered("GetObject", { Bucket, Key, Range: "bytes=0-1" }).says({ Body: "{}", ContentRange: "bytes 0-1/7" }),
  refused("GetObject", { Bucket, Key: "none" }).with("404 NoSuchKey: The specified key does not exist."),
  answered("HeadObject", { Bucket, Key }).says({ ContentLength: 7 }),
  refused("HeadObject", { Bucket, Key: "none" }).with(noHead),
  answered("ListObjectsV2", { Bucket }).says({ "Contents.0.Key": Key }),
  answered("ListObjectsV2", { Bucket, Delimiter: "/" }).says({ "CommonPrefixes.0.Prefix": "a b/" }),
  answered("ListObjectVersions", { Bucket }).says({ "Versions.0.Key": Key }),
  answered("ListObjectVersions", { Bucket, Delimiter: "/" }).says({ "CommonPrefixes.0.Prefix": "a b/" }),
  answered("PutObjectTagging", { Bucket, Key, Tagging: tagging }),
  answered("GetObjectTagging", { Bucket, Key }).says(tagging),
  answered("DeleteObjectTagging", { Bucket, Key }),
  refused("GetObjectTagging", { Bucket, Key: "none" }).with("404 NoSuchKey"),
  answered("DeleteObject", { Bucket, Key }),
  answered("PutObject", { Bucket, Key: "old", Body: bytes("") }),
  answered("DeleteObjects", { Bucket, Delete: { Objects: [{ Key: "old" }, { Key: "none" }] } }).says({
    "Deleted.0.Key": "old",
    "Deleted.1.Key": "none",
  }),

  answered("PutObject", { Bucket, Key: "in.raw", Body: bytes("disk") }),
  answered("CreateMultipartUpload as upload", { ...whole, ChecksumAlgorithm: "SHA256" }).says({ UploadId: PRESENT }),
  answered("UploadPartCopy as part", { ...whole, UploadId, PartNumber: 1, CopySource: `${Bucket}/in.raw` }).says({
    "CopyPartResult.ETag": PRESENT,
  }),
  refused("UploadPartCopy", { ...whole, UploadId, PartNumber: 1, CopySource: `${Bucket}/none` }).with("404 NoSuchKey"),
  answered("CompleteMultipartUpload", {
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
  }).says({ ChecksumSHA256: PRESENT }),
  answered("HeadObject", { ...whole, ChecksumMode: "ENABLED" }).says({ ContentLength: 4, ChecksumSHA256: PRESENT }),
  refused("AbortMultipartUpload", { ...whole, UploadId }).with("404 NoSuchUpload"),
  answered("DeleteObjects", { Bucket, Delete: { Objects: [{ Key: "in.raw" }, { Key: whole.Key }] } }),

  answered("PutBucketPolicy", { Bucket, Policy: policy }),
  answered("GetBucketPolicy", { Bucket }).says({ Policy: policy }),
  refused("PutBucketPolicy", { Bucket, Policy: "{" }).with("400 MalformedPolicy"),
  answered("GetBucketPolicyStatus", { Bucket }).says({ "PolicyStatus.IsPublic": false }),
  answered("DeleteBucketPolicy", { Bucket }),
  refused("GetBucketPolicy", { Bucket }).with(absent("NoSuchBucketPolicy: The bucket policy does not exist")),
  answered("PutBucketVersioning", { Bucket, VersioningConfiguration: { Status: "Enabled" } }),
  answered("GetBucketVersioning", { Bucket }).says({ Status: "Enabled" }),
  answered("PutPublicAccessBlock", { Bucket, PublicAccessBlockConfiguration: block }),
  answered("GetPublicAccessBlock", { Bucket }).says({ "PublicAccessBlockConfiguration.BlockPublicPolicy": true }),
  answered("DeletePublicAccessBlock", { Bucket }),
  refused("GetPublicAccessBlock", { Bucket }).with(absent("NoSuchPublicAccessBlockConfiguration")),
  answered("PutBucketEncryption", { Bucket, ServerSideEncryptionConfiguration: encryption }),
  answered("GetBucketEncryption", { Bucket }).says({
    "ServerSideEncryptionConfiguration.Rules.0.ApplyServerSideEncryptionByDefault.SSEAlgorithm": "AES256",
  }),
  refused("PutBucketEncryption", { Bucket, ServerSideEncryptionConfiguration: { Rules: [] } }).with(
    "400 MalformedXML: The XML you provided was not well-formed or did not validate against our published schema",
  ),
  answered("DeleteBucketEncryption", { Bucket }),
  answered("PutBucketLifecycleConfiguration", { Bucket, LifecycleConfiguration: lifecycle }),
  answered("GetBucketLifecycleConfiguration", { Bucket }).says({ "Rules.0.Expiration.Days": 90 }),
  answered("DeleteBucketLifecycle", { Bucket }),
  refused("GetBucketLifecycleConfiguration", { Bucket }).with(absent("NoSuchLifecycleConfiguration")),
  answered("PutBucketOwnershipControls", { Bucket, OwnershipControls: ownership }),
  answered("GetBucketOwnershipControls", { Bucket }).says({ OwnershipControls: ownership }),
  answered("DeleteBucketOwnershipControls", { Bucket }),
  answered("PutBucketCors", { Bucket, CORSConfiguration: cors }),
  answered("GetBucketCors", { Bucket }).says(cors),
  answered("DeleteBucketCors", { Bucket }),
  refused("GetBucketCors", { Bucket }).with(absent("NoSuchCORSConfiguration")),
  answered("PutBucketTagging", { Bucket, Tagging: tagging }),
  answered("GetBucketTagging", { Bucket }).says(tagging),
  answered("DeleteBucketTagging", { Bucket }),
  refused("GetBucketTagging", { Bucket }).with(absent("NoSuchTagSet")),
  answered("GetBucketAcl", { Bucket }).says({ "Grants.0.Permission": "FULL_CONTROL" }),
  answered("PutBucketAcl", { Bucket, ACL: "private" }),
  answered("PutBucketWebsite", { Bucket, WebsiteConfiguration: website }),
  answered("GetBucketWebsite", { Bucket }).says(website),
  answered("DeleteBucketWebsite", { Bucket }),
  refused("GetBucketWebsite", { Bucket }).with(absent("NoSuchWebsiteConfiguration")),
  answered("PutBucketAccelerateConfiguration", { Bucket, AccelerateConfiguration: { Status: "Suspended" } }),
  answered("GetBucketAccelerateConfiguration", { Bucket }).says({ Status: "Suspended" }),
  answered("PutBucketRequestPayment", { Bucket, RequestPaymentConfiguration: { Payer: "BucketOwner" } }),
  answered("GetBucketRequestPayment", { Bucket }).says({ Payer: "BucketOwner" }),
  answered("GetBucketLogging", { Bucket }),
  answered("GetBucketNotificationConfiguration", { Bucket }),
  refused("GetBucketReplication", { Bucket }).with(absent("ReplicationConfigurationNotFoundError")),
  refused("GetObjectLockConfiguration", { Bucket }).with(absent("ObjectLockConfigurationNotFoundError")),
  answered("PutObject", { Bucket, Key: "last", Body: bytes("v") }),
  refused("DeleteBucket", { Bucket }).with("409 BucketNotEmpty: The bucket you tried to delete is not empty"),
  answered("DeleteObject", { Bucket, Key: "last" }),
  answered("CreateBucket", { Bucket: "passing", CreateBucketConfiguration: { LocationConstraint: "eu-west-1" } }),
  answered("DeleteBucket", { Bucket: "passing" }),
  refused("DeleteBucket", { Bucket: "passing" }).with(noBucket),
]);
