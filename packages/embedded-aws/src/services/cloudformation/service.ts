import { collect } from "../../engine/collect.ts";
import type { Service } from "../../engine/operation.ts";

/** AWS CloudFormation: stacks, and service-managed stack sets. */
export const service: Service = {
  name: "cloudformation",
  client: () => import("@aws-sdk/client-cloudformation"),
  paging: { asked: "NextToken", size: "MaxResults", usual: 100, refusal: "ValidationError" },
  operations: await collect(
    import("./stack-sets/stack-instances.ts"),
    import("./stack-sets/describe-operations.ts"),
    import("./stack-sets/organizations-access.ts"),
    import("./stack-sets/stack-sets.ts"),
    import("./stacks/change-stack.ts"),
    import("./stacks/describe-stacks.ts"),
  ),
};
