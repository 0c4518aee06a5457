import type * as Sdk from "@aws-sdk/client-imagebuilder";
import type { Call, Operations } from "../../engine/operation.ts";
import { requestTagContext } from "../tag-context.ts";
import { on } from "./authorization.ts";
import { checkedTags, required } from "./check-input.ts";
import { notFound } from "./refusals.ts";
import { tagsOfResource } from "./tagged-resource.ts";

function requireTags(call: Call, arn: string | undefined): Record<string, string> {
  const tags = tagsOfResource(call, required(arn, "resourceArn"));
  if (!tags) throw notFound(arn ?? "");
  return tags;
}

export const operations = {
  TagResource: {
    authorize: ({ resourceArn, tags }, call) =>
      on(call, resourceArn).map((one) => ({
        ...one,
        context: { ...one.context, ...requestTagContext(Object.entries(tags ?? {})) },
      })),
    run({ resourceArn, tags }, call) {
      const present = requireTags(call, resourceArn);
      Object.assign(present, checkedTags({ ...present, ...required(tags, "tags") }));
      return {};
    },
  },
  UntagResource: {
    authorize: ({ resourceArn, tagKeys }, call) =>
      on(call, resourceArn).map((one) => ({ ...one, context: { ...one.context, "aws:TagKeys": tagKeys ?? [] } })),
    run({ resourceArn, tagKeys }, call) {
      const present = requireTags(call, resourceArn);
      for (const key of required(tagKeys, "tagKeys")) delete present[key];
      return {};
    },
  },
  ListTagsForResource: {
    authorize: ({ resourceArn }, call) => on(call, resourceArn),
    run: ({ resourceArn }, call) => ({ tags: { ...requireTags(call, resourceArn) } }),
  },
} satisfies Operations<typeof Sdk>;
