import { collect } from "../../engine/collect.ts";
import type { Service } from "../../engine/operation.ts";

/** Amazon S3 for documents, evidence and exports: multipart uploads only by copies, the default ACL, no events. */
export const service: Service = {
  name: "s3",
  client: () => import("@aws-sdk/client-s3"),
  errors: { throttled: ["SlowDown", 503], failed: ["InternalError", 500] },
  paging: { asked: "ContinuationToken", given: "NextContinuationToken", size: "MaxKeys", refusal: "InvalidArgument" },
  operations: await collect(
    import("./bucket-acl.ts"),
    import("./bucket-configurations.ts"),
    import("./buckets.ts"),
    import("./delete-object.ts"),
    import("./list-object-versions.ts"),
    import("./multipart-upload.ts"),
    import("./object-tags.ts"),
    import("./put-object.ts"),
    import("./read-objects.ts"),
  ),
};
