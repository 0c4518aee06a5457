import type * as Sdk from "@aws-sdk/client-eventbridge";
import type { EnableRuleRequest } from "@aws-sdk/client-eventbridge";
import { AwsError } from "../../engine/aws-error.ts";
import type { Call, Operations } from "../../engine/operation.ts";
import { paginate } from "../../engine/paging.ts";
import { onRule } from "./rule-authorization.ts";
import { type Rule, requireBus, requireRule } from "./state.ts";

export const operations = {
  DescribeRule: {
    authorize: ({ EventBusName, Name }, call) => onRule(call, EventBusName, Name),
    run({ EventBusName, Name }, call) {
      const rule = requireRule(requireBus(call.aws, call, EventBusName), Name);
      return { ...described(rule), CreatedBy: rule.createdBy };
    },
  },
  ListRules: {
    authorize: ({ EventBusName }, call) => onRule(call, EventBusName, "*"),
    run({ EventBusName, NamePrefix = "", NextToken, Limit = 100 }, call) {
      const rules = [...requireBus(call.aws, call, EventBusName).rules.values()]
        .filter((rule) => rule.name.startsWith(NamePrefix))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
      const page = paginate(rules, NextToken, Limit, "ValidationException");
      return { Rules: page.items.map(described), NextToken: page.next };
    },
  },
  EnableRule: {
    authorize: ({ EventBusName, Name }, call) => onRule(call, EventBusName, Name),
    run: (input, call) => setEnabled(input, call, true),
  },
  DisableRule: {
    authorize: ({ EventBusName, Name }, call) => onRule(call, EventBusName, Name),
    run: (input, call) => setEnabled(input, call, false),
  },
  DeleteRule: {
    authorize: ({ EventBusName, Name }, call) => onRule(call, EventBusName, Name),
    run({ EventBusName, Name = "" }, call) {
      const bus = requireBus(call.aws, call, EventBusName);
      if ((bus.rules.get(Name)?.targets.size ?? 0) > 0) {
        throw new AwsError("ValidationException", "Rule can't be deleted since it has targets.");
      }
      bus.rules.delete(Name);
      return {};
    },
  },
} satisfies Operations<typeof Sdk>;

function setEnabled(input: EnableRuleRequest, call: Call, enabled: boolean): Record<string, never> {
  requireRule(requireBus(call.aws, call, input.EventBusName), input.Name).enabled = enabled;
  return {};
}

const described = (rule: Rule) => ({
  Name: rule.name,
  Arn: rule.arn,
  EventPattern: rule.patternText,
  State: rule.enabled ? ("ENABLED" as const) : ("DISABLED" as const),
  Description: rule.description,
  RoleArn: rule.roleArn,
  EventBusName: rule.busName,
});
