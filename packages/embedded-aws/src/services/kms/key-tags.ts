import type {
  ListResourceTagsCommandInput,
  ListResourceTagsCommandOutput,
  TagResourceCommandInput,
  UntagResourceCommandInput,
} from "@aws-sdk/client-kms";
import { operation } from "../../engine/operation.ts";
import { paginate } from "../paginate.ts";
import { requestTagContext } from "../tag-context.ts";
import { authorizeKey } from "./authorize-key.ts";
import { requireKey } from "./find-key.ts";
import { requireCustomerKey } from "./usable-key.ts";

const pairs = (input: TagResourceCommandInput) =>
  (input.Tags ?? []).map((tag) => [tag.TagKey ?? "", tag.TagValue ?? ""] as const);

export const tagResource = operation<TagResourceCommandInput, object>({
  authorize: (input, call) => [authorizeKey(call, input.KeyId, requestTagContext(pairs(input)))],
  run(input, call) {
    const { tags } = requireCustomerKey(call, input.KeyId);
    for (const [key, value] of pairs(input)) tags.set(key, value);
    return {};
  },
});

export const untagResource = operation<UntagResourceCommandInput, object>({
  authorize: (input, call) => [authorizeKey(call, input.KeyId, { "aws:TagKeys": input.TagKeys ?? [] })],
  run(input, call) {
    const { tags } = requireCustomerKey(call, input.KeyId);
    for (const key of input.TagKeys ?? []) tags.delete(key);
    return {};
  },
});

export const listResourceTags = operation<
  ListResourceTagsCommandInput,
  Omit<ListResourceTagsCommandOutput, "$metadata">
>({
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
});
