import type { Operations } from "../../engine/operation.ts";
import { authorizeRule, requireRule, requireUnlockedRule, ruleArn } from "./find-rule.ts";
import type { RecycleBin, TagOfResource } from "./rule-input.ts";
import { type ResourceTag, rbinState } from "./state.ts";
import { fromResourceTags, lockStateOf, toRule, toSummary } from "./to-rule.ts";

export const operations = {
  GetRule: {
    authorize: ({ Identifier }, call) => [authorizeRule(call, Identifier)],
    run: ({ Identifier }, call) => toRule(requireRule(call, Identifier), call.aws.clock.now()),
  },
  /** What the rule retained stays in the bin as long as it was to. */
  DeleteRule: {
    authorize: ({ Identifier }, call) => [authorizeRule(call, Identifier)],
    run({ Identifier }, call) {
      const { id } = requireUnlockedRule(call, Identifier);
      call.aws.state(rbinState, call.account, call.region).rules.delete(id);
      return {};
    },
  },
  /** Rules of one resource type. Tags that are asked for must all stand in a rule; how AWS compares them is not documented. */
  ListRules: {
    list: "Rules",
    authorize: ({ ResourceType }, call) => [
      { resources: [ruleArn(call, "*")], context: { "rbin:Request/ResourceType": ResourceType } },
    ],
    run(input, { aws, account, region }) {
      const now = aws.clock.now();
      const matching = [...aws.state(rbinState, account, region).rules.values()].filter(
        (rule) =>
          rule.resourceType === input.ResourceType &&
          hasAll(rule.resourceTags, input.ResourceTags) &&
          hasAll(rule.excludeTags, input.ExcludeResourceTags) &&
          (input.LockState === undefined || lockStateOf(rule, now) === input.LockState),
      );
      return { Rules: matching.map((rule) => toSummary(rule, now)) };
    },
  },
} satisfies Operations<RecycleBin>;

const hasAll = (tags: readonly ResourceTag[], asked: readonly TagOfResource[] | undefined): boolean =>
  fromResourceTags(asked).every(({ key, value }) => tags.some((one) => one.key === key && one.value === value));
