import { collect } from "../../engine/collect.ts";
import type { Service } from "../../engine/operation.ts";

/** Amazon Inspector: the parts that Image Builder's findings come from, and CIS scans that run once. */
export const service: Service = {
  name: "inspector2",
  client: () => import("@aws-sdk/client-inspector2"),
  paging: { asked: "nextToken", given: "nextToken", size: "maxResults", usual: 100, refusal: "ValidationException" },
  operations: await collect(
    import("./account-status.ts"),
    import("./cis-scan-configurations.ts"),
    import("./cis-scans.ts"),
    import("./cis-sessions.ts"),
    import("./delegated-administrator.ts"),
  ),
};
