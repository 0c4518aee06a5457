import { collect } from "../../engine/collect.ts";
import type { Service } from "../../engine/operation.ts";
import { IAM_REGION } from "./state.ts";
import { tags } from "./tags.ts";

export const service: Service = {
  name: "iam",
  region: IAM_REGION,
  client: () => import("@aws-sdk/client-iam"),
  paging: {
    asked: "Marker",
    given: "Marker",
    size: "MaxItems",
    usual: 100,
    more: "IsTruncated",
    refusal: "ValidationError",
  },
  operations: await collect(
    import("./instance-profiles.ts"),
    import("./policies.ts"),
    import("./policy-versions.ts"),
    import("./role-policies.ts"),
    import("./roles.ts"),
    ...tags,
    import("./simulate.ts"),
    import("./users.ts"),
  ),
};
