import { collect } from "../../engine/collect.ts";
import type { Service } from "../../engine/operation.ts";
import { tagOperations } from "../tagging.ts";
import { findTagged } from "./state.ts";

/** AWS Step Functions: Standard and Express workflows in JSONata and JSONPath. */
export const service: Service = {
  name: "states",
  client: () => import("@aws-sdk/client-sfn"),
  paging: { asked: "nextToken", size: "maxResults", usual: 100, refusal: "InvalidToken" },
  operations: await collect(
    import("./state-machines.ts"),
    import("./executions.ts"),
    tagOperations<{ readonly resourceArn?: string }>({
      tags: "tags",
      keys: "tagKeys",
      form: ["key", "value"],
      authorize: (_, { resourceArn = "*" }, context = {}) => [{ resources: [resourceArn], context }],
      find: (call, { resourceArn }) => findTagged(call, resourceArn).tags,
    }),
  ),
};
