import { collect } from "../../engine/collect.ts";
import type { Service } from "../../engine/operation.ts";

/** AWS CloudTrail: trails, and the management events that they send to default buses. No log files are written. */
export const service: Service = {
  name: "cloudtrail",
  client: () => import("@aws-sdk/client-cloudtrail"),
  paging: { asked: "NextToken", size: "MaxResults", usual: 1000, refusal: "InvalidTokenException" },
  operations: await collect(
    import("./change-trail.ts"),
    import("./describe-trails.ts"),
    import("./event-selectors.ts"),
    import("./tags.ts"),
  ),
};
