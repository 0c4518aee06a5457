import type { ListTagsForResourceCommandInput, ListTagsForResourceCommandOutput } from "@aws-sdk/client-organizations";
import { AwsError } from "../../aws-error.ts";
import { operation } from "../../operation.ts";
import { managedOrganization } from "./caller.ts";
import { page } from "./page.ts";
import { anyResources } from "./resources.ts";

/** Tags of an account, a unit or the root. */
export const listTagsForResource = operation<
  ListTagsForResourceCommandInput,
  Partial<ListTagsForResourceCommandOutput>
>({
  authorize: ({ ResourceId }, call) => anyResources(call, ResourceId),
  run({ ResourceId = "", NextToken }, call) {
    const { accounts, units, tags } = managedOrganization(call);
    if (!accounts.has(ResourceId) && !units.has(ResourceId)) {
      throw new AwsError("TargetNotFoundException", "You specified a target that doesn't exist.");
    }
    const all = [...(tags.get(ResourceId) ?? [])].map(([Key, Value]) => ({ Key, Value }));
    const { items, next } = page(all, { NextToken });
    return { Tags: items, NextToken: next };
  },
});
