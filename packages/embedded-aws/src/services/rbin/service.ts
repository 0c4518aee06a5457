import { collect } from "../../engine/collect.ts";
import type { Service } from "../../engine/operation.ts";
import { tagOperations } from "../tagging.ts";
import { authorizeRule, idOf, quotaExceeded, requireRuleOf } from "./rule.ts";

/** Limit for a rule (EBS user guide, "Tag Recycle Bin retention rules"). */
const MOST_TAGS = 50;

/** Recycle Bin: retention rules for deregistered images and deleted snapshots. EC2 stores the bin. */
export const service: Service = {
  name: "rbin",
  client: () => import("./model.ts"),
  paging: { asked: "NextToken", size: "MaxResults", usual: 1000, refusal: "ValidationException" },
  operations: await collect(
    import("./rules.ts"),
    tagOperations<{ readonly ResourceArn: string }>({
      tags: "Tags",
      keys: "TagKeys",
      form: ["Key", "Value"],
      authorize: (call, { ResourceArn }, context) => [authorizeRule(call, ResourceArn, context)],
      find: (call, { ResourceArn }) => requireRuleOf(call, ResourceArn).tags,
      check({ size }, _added, { ResourceArn }) {
        if (size <= MOST_TAGS) return;
        throw quotaExceeded(`The retention rule ${idOf(ResourceArn)} can have ${MOST_TAGS} tags, not ${size}.`);
      },
    }),
  ),
};
