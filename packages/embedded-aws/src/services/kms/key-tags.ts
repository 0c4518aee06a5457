import type * as Sdk from "@aws-sdk/client-kms";
import type { TagResourceCommandInput } from "@aws-sdk/client-kms";
import type { Operations } from "../../engine/operation.ts";
import { paginate } from "../../engine/paging.ts";
import { requestTagContext } from "../tag-context.ts";
import { authorizeKey } from "./authorize-key.ts";
import { requireKey } from "./find-key.ts";
import { requireCustomerKey } from "./usable-key.ts";

const pairs = (input: TagResourceCommandInput) =>
  (input.Tags ?? []).map((tag) => [tag.TagKey ?? "", tag.TagValue ?? ""] as const);

export const operations = {
  TagResource: {
    authorize: (input, call) => [authorizeKey(call, input.KeyId, requestTagContext(pairs(input)))],
    run(input, call) {
      const { tags } = requireCustomerKey(call, input.KeyId);
      for (const [key, value] of pairs(input)) tags.set(key, value);
      return {};
    },
  },
  UntagResource: {
    authorize: (input, call) => [authorizeKey(call, input.KeyId, { "aws:TagKeys": input.TagKeys ?? [] })],
    run(input, call) {
      const { tags } = requireCustomerKey(call, input.KeyId);
      for (const key of input.TagKeys ?? []) tags.delete(key);
      return {};
    },
  },
  ListResourceTags: {
    authorize: (input, call) => [authorizeKey(call, input.KeyId)],
    run(input, call) {
      const tags = [...requireKey(call.aws, call, input.KeyId).tags];
      const page = paginate(tags, input.Marker, input.Limit ?? 50, "InvalidMarkerException");
      return {
        Tags: page.items.map(([TagKey, TagValue]) => ({ TagKey, TagValue })),
        Truncated: page.next !== undefined,
        ...(page.next && { NextMarker: page.next }),
      };
    },
  },
} satisfies Operations<typeof Sdk>;
