import { collect } from "../../engine/collect.ts";
import type { Service } from "../../engine/operation.ts";

export const service: Service = {
  name: "sns",
  client: () => import("@aws-sdk/client-sns"),
  paging: { asked: "NextToken", given: "NextToken", size: "MaxItems", refusal: "InvalidParameterException" },
  operations: await collect(
    import("./confirm-subscription.ts"),
    import("./publish.ts"),
    import("./subscribe.ts"),
    import("./subscriptions.ts"),
    import("./topics.ts"),
  ),
};
