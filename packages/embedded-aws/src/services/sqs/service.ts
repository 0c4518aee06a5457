import { collect } from "../../engine/collect.ts";
import type { Service } from "../../engine/operation.ts";

export const service: Service = {
  name: "sqs",
  client: () => import("@aws-sdk/client-sqs"),
  paging: {
    asked: "NextToken",
    given: "NextToken",
    size: "MaxResults",
    usual: 1_000,
    refusal: "InvalidParameterValue",
  },
  operations: await collect(import("./messages.ts"), import("./queues.ts"), import("./receive-message.ts")),
};
