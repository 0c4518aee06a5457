import { operation } from "../../engine/operation.ts";
import { paginate } from "../paginate.ts";
import { authorizeRule, requireRule, requireUnlockedRule, ruleArn } from "./find-rule.ts";
import type { ListRulesInput, NamedRule, RuleOutput, RuleSummary, TagOfResource } from "./rule-input.ts";
import { type ResourceTag, rbinState } from "./state.ts";
import { fromResourceTags, lockStateOf, toRule, toSummary } from "./to-rule.ts";

export const getRule = operation<NamedRule, RuleOutput>({
  authorize: ({ Identifier }, call) => [authorizeRule(call, Identifier)],
  run: ({ Identifier }, call) => toRule(requireRule(call, Identifier), call.aws.clock.now()),
});

/** What the rule retained stays in the bin as long as it was to. */
export const deleteRule = operation<NamedRule, object>({
  authorize: ({ Identifier }, call) => [authorizeRule(call, Identifier)],
  run({ Identifier }, call) {
    const { id } = requireUnlockedRule(call, Identifier);
    call.aws.state(rbinState, call.account, call.region).rules.delete(id);
    return {};
  },
});

const LARGEST = 1000;

/** Rules of one resource type. Tags that are asked for must all stand in a rule; how AWS compares them is not documented. */
export const listRules = operation<ListRulesInput, { Rules: readonly RuleSummary[]; NextToken?: string }>({
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
    const page = paginate(matching, input.NextToken, input.MaxResults ?? LARGEST, "ValidationException");
    return { Rules: page.items.map((rule) => toSummary(rule, now)), ...(page.next && { NextToken: page.next }) };
  },
});

const hasAll = (tags: readonly ResourceTag[], asked: readonly TagOfResource[] | undefined): boolean =>
  fromResourceTags(asked).every(({ key, value }) => tags.some((one) => one.key === key && one.value === value));
