import { collect } from "../../engine/collect.ts";
import type { Service } from "../../engine/operation.ts";
import { tagOperations } from "../tagging.ts";
import { requireConfiguration } from "./state.ts";

/** Amazon Inspector: what Image Builder's findings need, and one-time CIS scans. */
export const service: Service = {
  name: "inspector2",
  client: () => import("@aws-sdk/client-inspector2"),
  paging: { asked: "nextToken", size: "maxResults", usual: 100, refusal: "ValidationException" },
  operations: await collect(
    import("./account-status.ts"),
    import("./cis-scan-configurations.ts"),
    import("./cis-scans.ts"),
    tagOperations<{ readonly resourceArn?: string }>({
      tags: "tags",
      keys: "tagKeys",
      form: "map",
      authorize: (_, { resourceArn = "" }, context = {}) => [{ resources: [resourceArn], context }],
      find: (call, { resourceArn = "" }) => requireConfiguration(call, resourceArn).tags,
    }),
  ),
};
