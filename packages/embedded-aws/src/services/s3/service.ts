import type { Service } from "../../engine/operation.ts";
import { bindTokens } from "../bound-tokens.ts";
import { configurationOperations } from "./bucket-configurations.ts";
import { deleteBucketPolicy, getBucketPolicy, putBucketPolicy } from "./bucket-policy.ts";
import { createBucket, deleteBucket, getBucketLocation, headBucket, listBuckets } from "./buckets.ts";
import { deleteObject, deleteObjects } from "./delete-object.ts";
import { getObject, headObject } from "./get-object.ts";
import { listObjectsV2 } from "./list-objects.ts";
import {
  abortMultipartUpload,
  completeMultipartUpload,
  createMultipartUpload,
  uploadPartCopy,
} from "./multipart/multipart-upload.ts";
import { putObject } from "./put-object.ts";

const TOKENS = { asked: "ContinuationToken", refusal: "InvalidArgument" };

/** Amazon S3, as far as documents, evidence and exports need it: multipart uploads by copies only, no ACLs, no events. */
export const service: Service = {
  name: "s3",
  client: () => import("@aws-sdk/client-s3"),
  operations: {
    AbortMultipartUpload: abortMultipartUpload,
    CompleteMultipartUpload: completeMultipartUpload,
    CreateBucket: createBucket,
    CreateMultipartUpload: createMultipartUpload,
    DeleteBucket: deleteBucket,
    DeleteBucketPolicy: deleteBucketPolicy,
    DeleteObject: deleteObject,
    DeleteObjects: deleteObjects,
    GetBucketLocation: getBucketLocation,
    GetBucketPolicy: getBucketPolicy,
    GetObject: getObject,
    HeadBucket: headBucket,
    HeadObject: headObject,
    ...bindTokens({ ListBuckets: listBuckets }, { ...TOKENS, given: "ContinuationToken" }),
    ...bindTokens({ ListObjectsV2: listObjectsV2 }, { ...TOKENS, given: "NextContinuationToken" }),
    PutBucketPolicy: putBucketPolicy,
    PutObject: putObject,
    UploadPartCopy: uploadPartCopy,
    ...configurationOperations,
  },
};
