import type * as Sdk from "@aws-sdk/client-ram";
import type { TagResourceCommandInput } from "@aws-sdk/client-ram";
import { AwsError } from "../../engine/aws-error.ts";
import type { Call, Operations } from "../../engine/operation.ts";
import { requestTagContext } from "../tag-context.ts";
import { authorizeShare } from "./authorization.ts";
import { requireShare, type Share } from "./state.ts";

const MAX_TAGS = 50;

interface Tagged {
  readonly resourceShareArn?: string | undefined;
  readonly resourceArn?: string | undefined;
}

/** Shares can be named by either member; the other things that have tags in RAM, permissions, are AWS's own here. */
function taggedShare({ aws, account, region }: Call, { resourceShareArn, resourceArn }: Tagged): Share {
  if (resourceShareArn !== undefined && resourceArn !== undefined) {
    throw new AwsError("InvalidParameterException", "Specify either resourceShareArn or resourceArn, but not both.");
  }
  return requireShare(aws, account, region, resourceShareArn ?? resourceArn);
}

const pairs = ({ tags }: TagResourceCommandInput) =>
  (tags ?? []).map(({ key = "", value = "" }) => [key, value] as const);

export const operations = {
  TagResource: {
    authorize: (input, call) => [
      authorizeShare(call, input.resourceShareArn ?? input.resourceArn, requestTagContext(pairs(input))),
    ],
    run(input, call) {
      const { tags } = taggedShare(call, input);
      const after = new Map([...tags, ...pairs(input)]);
      if (after.size > MAX_TAGS) {
        throw new AwsError(
          "TagLimitExceededException",
          `A resource share can have ${MAX_TAGS} tags, not ${after.size}.`,
        );
      }
      for (const [key, value] of pairs(input)) tags.set(key, value);
      return {};
    },
  },
  UntagResource: {
    authorize: (input, call) => [
      authorizeShare(call, input.resourceShareArn ?? input.resourceArn, { "aws:TagKeys": input.tagKeys ?? [] }),
    ],
    run(input, call) {
      const { tags } = taggedShare(call, input);
      for (const key of input.tagKeys ?? []) tags.delete(key);
      return {};
    },
  },
} satisfies Operations<typeof Sdk>;
