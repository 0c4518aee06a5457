import type * as Sdk from "@aws-sdk/client-ecr";
import type { Tag } from "@aws-sdk/client-ecr";
import type { Authorization, Call, Operations } from "../../engine/operation.ts";
import { requestTagContext } from "../tag-context.ts";
import { onRepository } from "./authorization.ts";
import { repositoryByArn } from "./find-repository.ts";
import { ecrRefusal } from "./refusals.ts";

const MOST_TAGS = 50;

export const tagPairs = (tags: readonly Tag[] | undefined) =>
  (tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value] as const);

/** @throws InvalidTagParameterException, TooManyTagsException */
export function checkTags(tags: ReadonlyMap<string, string>): void {
  for (const [key, value] of tags) {
    if (key.length < 1 || key.length > 128 || key.startsWith("aws:")) {
      throw ecrRefusal(
        "InvalidTagParameterException",
        `Tag key '${key}' must have 1 to 128 characters and not begin with aws:`,
      );
    }
    if (value.length > 256) {
      throw ecrRefusal("InvalidTagParameterException", `The value of tag '${key}' exceeds 256 characters`);
    }
  }
  if (tags.size > MOST_TAGS) {
    throw ecrRefusal("TooManyTagsException", `A repository has at most ${MOST_TAGS} tags, not ${tags.size}`);
  }
}

/** By ARN; its own account's registry or another's. */
function onArn(call: Call, arn: string | undefined, more: Authorization["context"] = {}): Partial<Authorization> {
  const [, , , , registryId, path = ""] = (arn ?? "").split(":");
  const asked = onRepository(call, { registryId, repositoryName: path.replace(/^repository\//, "") });
  return { ...asked, context: { ...asked.context, ...more } };
}

export const operations = {
  TagResource: {
    authorize: (input, call) => [onArn(call, input.resourceArn, requestTagContext(tagPairs(input.tags)))],
    run(input, call) {
      const { resourceTags } = repositoryByArn(call, input.resourceArn);
      const all = new Map([...resourceTags, ...tagPairs(input.tags)]);
      checkTags(all);
      for (const [key, value] of all) resourceTags.set(key, value);
      return {};
    },
  },
  UntagResource: {
    authorize: (input, call) => [onArn(call, input.resourceArn, { "aws:TagKeys": input.tagKeys ?? [] })],
    run(input, call) {
      const { resourceTags } = repositoryByArn(call, input.resourceArn);
      for (const key of input.tagKeys ?? []) resourceTags.delete(key);
      return {};
    },
  },
  ListTagsForResource: {
    authorize: (input, call) => [onArn(call, input.resourceArn)],
    run: (input, call) => ({
      tags: [...repositoryByArn(call, input.resourceArn).resourceTags].map(([Key, Value]) => ({ Key, Value })),
    }),
  },
} satisfies Operations<typeof Sdk>;
