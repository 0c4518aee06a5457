import type * as Sdk from "@aws-sdk/client-ssm";
import type { AddTagsToResourceCommandInput } from "@aws-sdk/client-ssm";
import { AwsError } from "../../engine/aws-error.ts";
import type { Call, Operations } from "../../engine/operation.ts";
import { requestTagContext } from "../tag-context.ts";
import { authorizeParameter } from "./authorize-parameter.ts";
import { findParameter } from "./find-parameter.ts";

interface Tagged {
  readonly ResourceType?: string | undefined;
  readonly ResourceId?: string | undefined;
}

function tagsOf(call: Call, { ResourceType, ResourceId = "" }: Tagged): Map<string, string> {
  if (ResourceType !== "Parameter") {
    throw new AwsError("NotImplemented", `ssm tags are built for Parameter, not for ${ResourceType}`);
  }
  const parameter = findParameter(call.aws, call, ResourceId);
  if (!parameter) throw new AwsError("InvalidResourceId", `The resource ID "${ResourceId}" is not valid.`);
  return parameter.tags;
}

const pairs = (input: AddTagsToResourceCommandInput) =>
  (input.Tags ?? []).map((tag) => [tag.Key ?? "", tag.Value ?? ""] as const);

export const operations = {
  AddTagsToResource: {
    authorize: (input, call) => [authorizeParameter(call, input.ResourceId, requestTagContext(pairs(input)))],
    run(input, call) {
      const tags = tagsOf(call, input);
      for (const [key, value] of pairs(input)) tags.set(key, value);
      return {};
    },
  },
  RemoveTagsFromResource: {
    authorize: (input, call) => [authorizeParameter(call, input.ResourceId, { "aws:TagKeys": input.TagKeys ?? [] })],
    run(input, call) {
      const tags = tagsOf(call, input);
      for (const key of input.TagKeys ?? []) tags.delete(key);
      return {};
    },
  },
  ListTagsForResource: {
    authorize: (input, call) => [authorizeParameter(call, input.ResourceId)],
    run: (input, call) => ({ TagList: [...tagsOf(call, input)].map(([Key, Value]) => ({ Key, Value })) }),
  },
} satisfies Operations<typeof Sdk>;
