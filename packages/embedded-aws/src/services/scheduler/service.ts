import { collect } from "../../engine/collect.ts";
import type { Service } from "../../engine/operation.ts";
import { tagOperations } from "../tagging.ts";
import { groupWithArn } from "./state.ts";

export const service: Service = {
  name: "scheduler",
  client: () => import("@aws-sdk/client-scheduler"),
  paging: { asked: "NextToken", size: "MaxResults", usual: 100, refusal: "ValidationException" },
  operations: await collect(
    import("./schedules.ts"),
    tagOperations<{ readonly ResourceArn?: string }>({
      tags: "Tags",
      keys: "TagKeys",
      form: ["Key", "Value"],
      authorize: (_, { ResourceArn = "" }, context = {}) => [{ resources: [ResourceArn], context }],
      find: (call, { ResourceArn = "" }) => groupWithArn(call.aws, call, ResourceArn).tags,
    }),
  ),
};
