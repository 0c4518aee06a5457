import type { Service } from "../../engine/operation.ts";
import { bindTokens } from "../bound-tokens.ts";
import { createRule } from "./create-rule.ts";
import { lockRule, unlockRule } from "./lock-rule.ts";
import { deleteRule, getRule, listRules } from "./rules.ts";
import { listTagsForResource, tagResource, untagResource } from "./tag-resource.ts";
import { updateRule } from "./update-rule.ts";

/** Recycle Bin: the rules by which deregistered images and deleted snapshots can be had back. EC2 keeps the bin. */
export const service: Service = {
  name: "rbin",
  client: () => import("./model.ts"),
  operations: bindTokens(
    {
      CreateRule: createRule,
      DeleteRule: deleteRule,
      GetRule: getRule,
      ListRules: listRules,
      ListTagsForResource: listTagsForResource,
      LockRule: lockRule,
      TagResource: tagResource,
      UnlockRule: unlockRule,
      UntagResource: untagResource,
      UpdateRule: updateRule,
    },
    { asked: "NextToken", given: "NextToken", refusal: "ValidationException" },
  ),
};
