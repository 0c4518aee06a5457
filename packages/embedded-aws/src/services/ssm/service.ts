import { collect } from "../../engine/collect.ts";
import type { Service } from "../../engine/operation.ts";

/** AWS Systems Manager: its Parameter Store. */
export const service: Service = {
  name: "ssm",
  client: () => import("@aws-sdk/client-ssm"),
  paging: { asked: "NextToken", given: "NextToken", size: "MaxResults", refusal: "InvalidNextToken" },
  operations: await collect(
    import("./delete-parameter.ts"),
    import("./describe-parameters.ts"),
    import("./get-parameter.ts"),
    import("./get-parameters-by-path.ts"),
    import("./label-parameter-version.ts"),
    import("./parameter-tags.ts"),
    import("./put-parameter.ts"),
  ),
};
