import { collect } from "../../engine/collect.ts";
import type { Service } from "../../engine/operation.ts";
import { tagOperations } from "../tagging.ts";
import { findTagged } from "./find.ts";

/** AWS Step Functions: Standard workflows whose states speak JSONata. */
export const service: Service = {
  name: "states",
  client: () => import("@aws-sdk/client-sfn"),
  paging: { asked: "nextToken", given: "nextToken", size: "maxResults", refusal: "InvalidToken" },
  operations: await collect(
    import("./create-state-machine.ts"),
    import("./delete-state-machine.ts"),
    import("./describe-execution.ts"),
    import("./describe-state-machine.ts"),
    import("./get-execution-history.ts"),
    import("./list-executions.ts"),
    import("./send-task.ts"),
    import("./start-execution.ts"),
    import("./stop-execution.ts"),
    tagOperations<{ readonly resourceArn?: string }>({
      tags: "tags",
      keys: "tagKeys",
      form: ["key", "value"],
      authorize: (_, { resourceArn = "*" }, context = {}) => [{ resources: [resourceArn], context }],
      find: (call, { resourceArn }) => findTagged(call, resourceArn).tags,
    }),
    import("./update-state-machine.ts"),
    import("./validate-state-machine-definition.ts"),
  ),
};
