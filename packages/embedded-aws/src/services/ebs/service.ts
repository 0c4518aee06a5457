import { collect } from "../../engine/collect.ts";
import type { Service } from "../../engine/operation.ts";

/** The EBS direct APIs: snapshots read and written block by block. */
export const service: Service = {
  name: "ebs",
  client: () => import("@aws-sdk/client-ebs"),
  paging: { asked: "NextToken", size: "MaxResults", usual: 10_000, refusal: "ValidationException" },
  operations: await collect(import("./read-snapshot.ts"), import("./write-snapshot.ts")),
};
