import { collect } from "../../engine/collect.ts";
import type { Service } from "../../engine/operation.ts";

/** Recycle Bin: the rules by which deregistered images and deleted snapshots can be had back. EC2 keeps the bin. */
export const service: Service = {
  name: "rbin",
  client: () => import("./model.ts"),
  paging: {
    asked: "NextToken",
    given: "NextToken",
    size: "MaxResults",
    usual: 1000,
    refusal: "ValidationException",
  },
  operations: await collect(
    import("./create-rule.ts"),
    import("./lock-rule.ts"),
    import("./rules.ts"),
    import("./tag-resource.ts"),
    import("./update-rule.ts"),
  ),
};
