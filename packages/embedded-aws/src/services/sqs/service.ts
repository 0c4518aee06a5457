import { collect } from "../../engine/collect.ts";
import type { Service } from "../../engine/operation.ts";
import { tagOperations } from "../tagging.ts";
import { onQueue, requireQueue } from "./state.ts";

export const service: Service = {
  name: "sqs",
  client: () => import("@aws-sdk/client-sqs"),
  paging: { asked: "NextToken", size: "MaxResults", usual: 1_000, refusal: "InvalidParameterValue" },
  operations: await collect(
    import("./messages.ts"),
    import("./queues.ts"),
    import("./receive-message.ts"),
    tagOperations<{ readonly QueueUrl?: string }>({
      add: "TagQueue",
      remove: "UntagQueue",
      show: "ListQueueTags",
      tags: "Tags",
      keys: "TagKeys",
      form: "map",
      authorize: (call, { QueueUrl }, context = {}) => onQueue(call, QueueUrl).map((one) => ({ ...one, context })),
      find: (call, { QueueUrl }) => requireQueue(call, QueueUrl).tags,
    }),
  ),
};
