import { collect } from "../../engine/collect.ts";
import type { Service } from "../../engine/operation.ts";

export const service: Service = {
  name: "sns",
  client: () => import("@aws-sdk/client-sns"),
  // No list of SNS can be asked for another size (API reference, ListTopics).
  errors: { throttled: ["Throttled", 429], failed: ["InternalError", 500] },
  paging: {
    asked: "NextToken",
    given: "NextToken",
    size: "MaxItems",
    usual: 100,
    refusal: "InvalidParameterException",
  },
  operations: await collect(import("./publish.ts"), import("./subscriptions.ts"), import("./topics.ts")),
};
