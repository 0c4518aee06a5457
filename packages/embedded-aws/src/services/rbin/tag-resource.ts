import type { Call, Operations } from "../../engine/operation.ts";
import { requestTagContext } from "../tag-context.ts";
import { authorizeRule, requireRule, ruleArn } from "./find-rule.ts";
import { quotaExceeded, ruleNotFound } from "./refusals.ts";
import type { RecycleBin, RuleTag } from "./rule-input.ts";
import type { Rule } from "./state.ts";

/** Of a rule (EBS user guide, "Tag Recycle Bin retention rules"). */
const MOST_TAGS = 50;

interface Tagged {
  readonly ResourceArn: string;
}

const idOf = (arn: string): string => arn.slice(arn.lastIndexOf("/") + 1);

function taggedRule(call: Call, { ResourceArn }: Tagged): Rule {
  if (ResourceArn !== ruleArn(call, idOf(ResourceArn))) throw ruleNotFound(ResourceArn);
  return requireRule(call, idOf(ResourceArn));
}

const pairsOf = (tags: readonly RuleTag[]) => tags.map(({ Key, Value }) => [Key, Value] as const);

export const operations = {
  TagResource: {
    authorize: ({ ResourceArn, Tags }, call) => [
      authorizeRule(call, idOf(ResourceArn), requestTagContext(pairsOf(Tags))),
    ],
    run(input, call) {
      const { id, tags } = taggedRule(call, input);
      const after = new Map([...tags, ...pairsOf(input.Tags)]);
      if (after.size > MOST_TAGS) {
        throw quotaExceeded(`The retention rule ${id} can have ${MOST_TAGS} tags, not ${after.size}.`);
      }
      for (const [key, value] of pairsOf(input.Tags)) tags.set(key, value);
      return {};
    },
  },
  UntagResource: {
    authorize: ({ ResourceArn, TagKeys }, call) => [authorizeRule(call, idOf(ResourceArn), { "aws:TagKeys": TagKeys })],
    run(input, call) {
      const { tags } = taggedRule(call, input);
      for (const key of input.TagKeys) tags.delete(key);
      return {};
    },
  },
  ListTagsForResource: {
    authorize: ({ ResourceArn }, call) => [authorizeRule(call, idOf(ResourceArn))],
    run: (input, call) => ({ Tags: [...taggedRule(call, input).tags].map(([Key, Value]) => ({ Key, Value })) }),
  },
} satisfies Operations<RecycleBin>;
