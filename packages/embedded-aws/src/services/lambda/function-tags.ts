import type {
  ListTagsCommandInput,
  ListTagsResponse,
  TagResourceCommandInput,
  UntagResourceCommandInput,
} from "@aws-sdk/client-lambda";
import { operation } from "../../engine/operation.ts";
import { functionPlace, requireFunction } from "./find-function.ts";

export const tagResource = operation<TagResourceCommandInput, Record<string, never>>({
  authorize: ({ Resource }, call) => [{ resources: [functionPlace(Resource, call).arn] }],
  run({ Resource, Tags }, call) {
    const { tags } = requireFunction(call.aws, functionPlace(Resource, call));
    for (const [key, value] of Object.entries(Tags ?? {})) tags.set(key, value);
    return {};
  },
});

export const untagResource = operation<UntagResourceCommandInput, Record<string, never>>({
  authorize: ({ Resource }, call) => [{ resources: [functionPlace(Resource, call).arn] }],
  run({ Resource, TagKeys }, call) {
    const { tags } = requireFunction(call.aws, functionPlace(Resource, call));
    for (const key of TagKeys ?? []) tags.delete(key);
    return {};
  },
});

export const listTags = operation<ListTagsCommandInput, ListTagsResponse>({
  authorize: ({ Resource }, call) => [{ resources: [functionPlace(Resource, call).arn] }],
  run: ({ Resource }, call) => ({
    Tags: Object.fromEntries(requireFunction(call.aws, functionPlace(Resource, call)).tags),
  }),
});
