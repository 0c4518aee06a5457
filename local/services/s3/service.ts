import type { Service } from "../../operation.ts";
import { configurationOperations } from "./bucket-configurations.ts";
import { deleteBucketPolicy, getBucketPolicy, putBucketPolicy } from "./bucket-policy.ts";
import { createBucket, deleteBucket, getBucketLocation, headBucket, listBuckets } from "./buckets.ts";
import { deleteObject, deleteObjects } from "./delete-object.ts";
import { getObject, headObject } from "./get-object.ts";
import { listObjectsV2 } from "./list-objects.ts";
import { putObject } from "./put-object.ts";

/** Amazon S3, as far as documents and evidence need it: no multipart uploads, no ACLs, no events. */
export const service: Service = {
  name: "s3",
  client: () => import("@aws-sdk/client-s3"),
  operations: {
    CreateBucket: createBucket,
    DeleteBucket: deleteBucket,
    DeleteBucketPolicy: deleteBucketPolicy,
    DeleteObject: deleteObject,
    DeleteObjects: deleteObjects,
    GetBucketLocation: getBucketLocation,
    GetBucketPolicy: getBucketPolicy,
    GetObject: getObject,
    HeadBucket: headBucket,
    HeadObject: headObject,
    ListBuckets: listBuckets,
    ListObjectsV2: listObjectsV2,
    PutBucketPolicy: putBucketPolicy,
    PutObject: putObject,
    ...configurationOperations,
  },
};
