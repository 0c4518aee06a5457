import { collect } from "../../engine/collect.ts";
import type { Service } from "../../engine/operation.ts";

/** Amazon EC2 Auto Scaling: groups of instances with launch templates, and their activities. */
export const service: Service = {
  name: "autoscaling",
  client: () => import("@aws-sdk/client-auto-scaling"),
  paging: { asked: "NextToken", size: "MaxRecords", usual: 50, refusal: "InvalidNextToken" },
  operations: await collect(
    import("./auto-scaling-groups.ts"),
    import("./describe-auto-scaling.ts"),
    import("./group-tags.ts"),
    import("./instances.ts"),
    import("./processes.ts"),
    import("./refresh/operations.ts"),
  ),
};
