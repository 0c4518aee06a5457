import { collect } from "../../engine/collect.ts";
import type { Service } from "../../engine/operation.ts";
import { tags } from "./tags.ts";

export const service: Service = {
  name: "events",
  client: () => import("@aws-sdk/client-eventbridge"),
  errors: { throttled: ["ThrottlingException", 400], failed: ["InternalException", 500] },
  paging: { asked: "NextToken", given: "NextToken", size: "Limit", usual: 100, refusal: "ValidationException" },
  operations: await collect(
    import("./buses.ts"),
    import("./put-events.ts"),
    import("./rules.ts"),
    tags,
    import("./targets.ts"),
  ),
};
