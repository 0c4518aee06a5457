import type { Operations } from "../../engine/operation.ts";
import { checkRule } from "./check-rule.ts";
import { authorizeRule, requireUnlockedRule } from "./find-rule.ts";
import { invalid } from "./refusals.ts";
import type { RecycleBin } from "./rule-input.ts";
import { fromResourceTags, toRule } from "./to-rule.ts";

export const operations = {
  /** What is left out stays. What is in the bin already keeps its time. */
  UpdateRule: {
    authorize: ({ Identifier }, call) => [authorizeRule(call, Identifier)],
    run(input, call) {
      const rule = requireUnlockedRule(call, input.Identifier);
      if (input.ResourceType !== undefined && input.ResourceType !== rule.resourceType) {
        throw invalid(
          `The resource type of a retention rule can't be updated: ${rule.id} is for ${rule.resourceType}.`,
        );
      }
      const changed = {
        retentionDays: input.RetentionPeriod?.RetentionPeriodValue ?? rule.retentionDays,
        description: input.Description ?? rule.description,
        resourceTags: input.ResourceTags ? fromResourceTags(input.ResourceTags) : rule.resourceTags,
        excludeTags: input.ExcludeResourceTags ? fromResourceTags(input.ExcludeResourceTags) : rule.excludeTags,
      };
      checkRule(call, { ...rule, ...changed });
      Object.assign(rule, changed);
      return toRule(rule, call.aws.clock.now());
    },
  },
} satisfies Operations<RecycleBin>;
